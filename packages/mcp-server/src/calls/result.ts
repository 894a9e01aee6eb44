import { plainText, plainValue } from '../tools/plain-text.ts';
import type { Tool } from '../tools/tool.ts';
import { textCutter } from './cut-texts.ts';
import { MAX_TOKENS, sized } from './result-size.ts';

type Value = Record<string, unknown>;

/** Key in `_meta` of a failed result: the error, for programs. */
export const errorKey = 'io.github.ollama-toolbelt/error';

/** Key in `_meta` of a result that needs a confirmation, for programs that ask the person themselves. */
export const confirmKey = 'io.github.ollama-toolbelt/confirm';

export interface ConfirmMeta {
  question: string;
  /** The value of `confirm` for the repeated call. */
  confirm: string;
}

export interface ErrorMeta {
  /** The `code` of the error in the core. */
  code: string;
  /** Whether the same call may succeed if it is repeated. */
  retryable: boolean;
}

/**
 * The result of a call, as MCP defines it. Some hosts show their model only the text, some only the structure. All
 * blocks are text: clients of older protocol revisions reject the whole result if they do not know a type of block.
 */
export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Value;
  isError?: boolean;
  _meta?: { [errorKey]?: ErrorMeta; [confirmKey]?: ConfirmMeta };
}

/** A block of text keeps at least this many. */
const MIN_BLOCK_CHARACTERS = 40;
/** The text also has labels and notices, which the structure does not have. */
const MAX_TEXT_TOKENS = MAX_TOKENS + 3000;

export interface ResultOptions {
  /** Whether the result is cut to fit a model's context. */
  isCapped: boolean;
  /** Keeps the whole answer as a job and returns its id, or nothing if there is no room. */
  keep?: (() => string | undefined) | undefined;
}

/** The result for a value, in both forms. */
export function valueResult(
  tool: Pick<Tool, 'text' | 'failed' | 'output' | 'skipped'>,
  value: Value,
  { isCapped, keep }: ResultOptions,
): ToolResult {
  const plain = plainValue(value);
  const skipped = tool.skipped?.(plain) ?? 0;
  const { value: fitting, left } = isCapped ? sized(plain, tool.output, { skipped }) : { value: plain, left: [] };
  const whole = left.length === 0 || !('notices' in tool.output.shape) ? fitting : noticed(fitting, leftNotice(left));
  const shown = keepable(tool, plain) && isTextCut(plain, fitting) ? withRest(whole, keep?.()) : whole;
  const content = blocks(tool.text?.(shown) ?? [JSON.stringify(shown)], isCapped, skipped);
  const isTold = left.length === 0 || content.some(({ text }) => text.includes(leftWords(left)));
  return {
    content: isTold ? content : [...content, { type: 'text', text: leftWords(left) }],
    structuredContent: shown,
    ...(tool.failed?.(shown) && { isError: true }),
  };
}

/** A failure: what failed and what to do. It has no structure, because some hosts would then hide the text. */
export const failureResult = (...texts: string[]): ToolResult => ({
  content: blocks(texts.map(plainText), true),
  isError: true,
});

function blocks(texts: readonly string[], isCapped: boolean, skipped = 0): ToolResult['content'] {
  const cut = isCapped ? textCutter(texts, MAX_TEXT_TOKENS, MIN_BLOCK_CHARACTERS, undefined, skipped) : undefined;
  return texts.map((text) => ({ type: 'text', text: cut?.(text) ?? text }));
}

function noticed(value: Value, notice: { code: string; message: string }): Value {
  const notices = Array.isArray(value['notices']) ? value['notices'] : [];
  return { ...value, notices: [...notices, notice] };
}

const leftNotice = (left: readonly string[]) => ({ code: 'result_cut', message: leftWords(left) });

/** Whether a job can be created for the rest of a long answer: it may already have one. */
const keepable = (tool: Pick<Tool, 'output'>, value: Value) => 'job' in tool.output.shape && value['job'] === undefined;

// Stryker disable next-line ArrayDeclaration: in both values it would be the same item without a text
const answersIn = (value: Value): Value[] => [value, ...(Array.isArray(value['answers']) ? value['answers'] : [])];

function isTextCut(whole: Value, shown: Value): boolean {
  const after = answersIn(shown);
  return answersIn(whole).some(
    ({ text, thinking }, index) => text !== after[index]?.['text'] || thinking !== after[index]?.['thinking'],
  );
}

function withRest(value: Value, job: string | undefined): Value {
  if (job === undefined) return value;
  const message = `This is the beginning; job ${job} has all of it. To continue, call ollama_job with the N of [cut: N of M characters] as offset.`;
  return noticed({ ...value, job }, { code: 'text_cut', message });
}

const MAX_PLACES = 5;

function leftWords(left: readonly string[]): string {
  const more = left.length > MAX_PLACES ? `, and ${left.length - MAX_PLACES} others are truncated too` : '';
  return `Truncated to fit a context: ${left.slice(0, MAX_PLACES).join(', ')}${more}.`;
}
