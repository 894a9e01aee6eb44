import type { ErrorCode, ErrorDetails } from './errors.ts';

const MAX_TEXT = 500;

/** What a server said of an error. Nothing else reads its words. */
export interface ServerMessage {
  text: string;
  /** What the words mean, if they tell more than the status. */
  code: ErrorCode | undefined;
  details: ErrorDetails;
}

/** The server's own words for an error, out of any of the forms it comes in; `undefined` if there are none. */
export function serverMessage(value: unknown): ServerMessage | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
  // Some servers in between say with it that there is none.
  if (value.error === null || value.error === '') return undefined;
  const { text, source } = unwrap(value.error, 3);
  const code = meanings.find(([pattern]) => pattern.test(text))?.[1];
  return { text: clip(text), code, details: { ...sizesIn(text, source), ...namesIn(text) } };
}

interface Unwrapped {
  text: string;
  /** The object that the text was the message of. */
  source?: object | undefined;
}

/** The text may be JSON in a string (llama-server's errors), or an object with a `message` (`/v1`, proxies). */
function unwrap(error: unknown, depth: number, source?: object): Unwrapped {
  if (depth > 0 && typeof error === 'object' && error !== null) {
    if ('message' in error) return unwrap(error.message, depth - 1, error);
    if ('error' in error) return unwrap(error.error, depth - 1);
  }
  if (typeof error !== 'string') return { text: JSON.stringify(error) };
  if (depth > 0 && error.startsWith('{')) {
    try {
      return unwrap(JSON.parse(error), depth - 1);
    } catch {
      // not JSON after all: the text itself is the message
    }
  }
  return { text: error, source };
}

const clip = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Tokens of the prompt and of the context: llama-server's own fields, else the numbers of its sentence. */
function sizesIn(text: string, source: { n_prompt_tokens?: unknown; n_ctx?: unknown } = {}): ErrorDetails {
  const { n_prompt_tokens: tokens, n_ctx: contextLength } = source;
  if (typeof tokens === 'number' && typeof contextLength === 'number') return { tokens, contextLength };
  const found = /\((\d+) tokens\).*\((\d+) tokens\)/.exec(text);
  return found ? { tokens: Number(found[1]), contextLength: Number(found[2]) } : {};
}

/** What the words name: the option of "option "num_ctx" must be of type integer", the tools of "x does not support tools". */
function namesIn(text: string): ErrorDetails {
  return {
    option: /^option "(\w+)"/.exec(text)?.[1],
    capability: /^(?!raw mode).*does not support (\w+)/.exec(text)?.[1],
  };
}

/** What the server's words mean, where they tell more than the status; most specific first. */
const meanings: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^model ['"].*['"] not found|^pull model manifest: file does not exist/, 'model_not_found'],
  [/exceed_context_size|exceeds .*context (size|length)|longer than the context length/, 'context_exceeded'],
  [/reached your .*usage limit/, 'quota_exceeded'],
  // "raw mode does not support template, …" is about the request.
  [/^(?!raw mode).*does not support|no longer supported|not currently supported/, 'unsupported'],
  [/^unauthorized/, 'unauthorized'],
  [/server busy|server overloaded/i, 'server_busy'],
];
