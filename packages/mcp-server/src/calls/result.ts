import { plainText, plainValue } from '../tools/plain-text.ts';
import type { Tool } from '../tools/tool.ts';
import { capped } from './result-size.ts';

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

/** A value in both forms: all of it, or as much as fits a context. */
export function valueResult(
  tool: Pick<Tool, 'text' | 'failed'>,
  value: Record<string, unknown>,
  { isCapped }: { isCapped: boolean },
): ToolResult {
  const plain = plainValue(value);
  const shown = isCapped ? capped(plain) : plain;
  return {
    content: (tool.text?.(shown) ?? [JSON.stringify(shown)]).map(textBlock),
    structuredContent: shown,
    ...(tool.failed?.(shown) && { isError: true }),
  };
}

/** A failure: what failed and what to do. It has no structure: hosts that show only the structure would hide the text. */
export const failureResult = (...texts: string[]): ToolResult => ({
  content: texts.map(plainText).map(textBlock),
  isError: true,
});

const textBlock = (text: string) => ({ type: 'text', text }) as const;
