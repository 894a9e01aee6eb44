import type { ErrorCode } from './errors.ts';

const MAX_TEXT = 500;

/** The server's own words for an error, out of any of the forms it comes in; `undefined` where there are none. */
export function errorText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
  // Some servers in between say with it that there is none.
  if (value.error === null || value.error === '') return undefined;
  return unwrap(value.error, 3);
}

/** The text may be JSON in a string (llama-server's errors), or an object with a `message` (`/v1`, proxies). */
function unwrap(error: unknown, depth: number): string {
  if (depth > 0 && typeof error === 'object' && error !== null) {
    if ('message' in error) return unwrap(error.message, depth - 1);
    if ('error' in error) return unwrap(error.error, depth - 1);
  }
  if (typeof error !== 'string') return clip(JSON.stringify(error));
  if (depth > 0 && error.startsWith('{')) {
    try {
      return unwrap(JSON.parse(error), depth - 1);
    } catch {
      // not JSON after all: the text itself is the message
    }
  }
  return clip(error);
}

const clip = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** What the server's words mean, where they tell more than the status; most specific first. */
const meanings: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^model ['"].*['"] not found|^pull model manifest: file does not exist/, 'model_not_found'],
  [
    /exceed_context_size|exceeds the available context size|exceeds the context length|longer than the context length/,
    'context_exceeded',
  ],
  [/reached your .*usage limit/, 'quota_exceeded'],
  // "raw mode does not support template, …" is about the request.
  [/^(?!raw mode).*does not support|no longer supported|not currently supported/, 'unsupported'],
  [/^unauthorized/, 'unauthorized'],
  [/server busy|server overloaded/i, 'server_busy'],
];

export function meaningOf(text: string): ErrorCode | undefined {
  return meanings.find(([pattern]) => pattern.test(text))?.[1];
}
