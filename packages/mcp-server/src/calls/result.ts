import { plainText, plainValue } from '../tools/plain-text.ts';
import type { Tool } from '../tools/tool.ts';
import { textCutter } from './cut-texts.ts';
import { MAX_TOKENS, sized } from './result-size.ts';

/** In `_meta` of a failed result: what failed, for programs. */
export const errorKey = 'io.github.ollama-toolbelt/error';

export interface ErrorMeta {
  /** The `code` of the core's errors. */
  code: string;
  /** Whether the same call may succeed when it is made again. */
  retryable: boolean;
}

/**
 * The result of a call as MCP has it. Some hosts show their model the text alone, some the structure alone. There are no
 * other blocks than text: clients of older revisions of the protocol refuse a whole result for a block that they do not know.
 */
export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  _meta?: { [errorKey]: ErrorMeta };
}

/** A block of text keeps this much. */
const MIN_BLOCK_CHARACTERS = 40;
/** Labels and notices come on top of what the structure has. */
const MAX_TEXT_TOKENS = MAX_TOKENS + 3000;

/** A value in both forms: all of it, or as much as fits a context. */
export function valueResult(
  tool: Pick<Tool, 'text' | 'failed' | 'output'>,
  value: Record<string, unknown>,
  { isCapped }: { isCapped: boolean },
): ToolResult {
  const plain = plainValue(value);
  const { value: fitting, left } = isCapped ? sized(plain, tool.output) : { value: plain, left: [] };
  const shown = left.length === 0 || !('notices' in tool.output.shape) ? fitting : noticed(fitting, left);
  const content = blocks(tool.text?.(shown) ?? [JSON.stringify(shown)], isCapped);
  const isTold = left.length === 0 || content.some(({ text }) => text.includes(leftWords(left)));
  return {
    content: isTold ? content : [...content, { type: 'text', text: leftWords(left) }],
    structuredContent: shown,
    ...(tool.failed?.(shown) && { isError: true }),
  };
}

/** A failure: what failed and what to do. It has no structure: hosts that show only the structure would hide the text. */
export const failureResult = (...texts: string[]): ToolResult => ({
  content: blocks(texts.map(plainText), true),
  isError: true,
});

function blocks(texts: readonly string[], isCapped: boolean): ToolResult['content'] {
  const cut = isCapped ? textCutter(texts, MAX_TEXT_TOKENS, MIN_BLOCK_CHARACTERS) : undefined;
  return texts.map((text) => ({ type: 'text', text: cut?.(text) ?? text }));
}

function noticed(value: Record<string, unknown>, left: readonly string[]): Record<string, unknown> {
  const notices = Array.isArray(value['notices']) ? value['notices'] : [];
  return { ...value, notices: [...notices, { code: 'result_cut', message: leftWords(left) }] };
}

const MAX_PLACES = 5;

function leftWords(left: readonly string[]): string {
  const more = left.length > MAX_PLACES ? `, and ${left.length - MAX_PLACES} others are cut too` : '';
  return `Cut to what fits a context: ${left.slice(0, MAX_PLACES).join(', ')}${more}.`;
}
