import type { CallFacts } from '../errors/hints.ts';
import { transportFailed } from '../errors/hook-failure.ts';
import type { TransportResponse } from '../platform.ts';

/**
 * The iterator of an answer's body, once the answer is what a transport has to give.
 *
 * @throws OllamaError `hook_failed` when it is not.
 */
export function openBody(response: TransportResponse, facts: CallFacts): AsyncIterator<Uint8Array> {
  if (typeof response !== 'object' || response === null) throw transportFailed('gave no answer', facts);
  const { status, headers, body } = response;
  if (typeof status !== 'number') throw transportFailed('gave an answer without a status', facts);
  if (typeof headers !== 'object' || headers === null) throw transportFailed('gave an answer without headers', facts);
  for (const name in headers) {
    if (typeof headers[name] !== 'string') throw transportFailed('gave a header that is not text', facts);
  }
  if (typeof body?.[Symbol.asyncIterator] !== 'function') {
    throw transportFailed('gave a body that is not an async iterable', facts);
  }
  return body[Symbol.asyncIterator]();
}

/** Ends a body that nobody reads any more. Whether and how that fails is of no interest then. */
export function leaveBody(body: AsyncIterator<Uint8Array> | undefined): void {
  try {
    Promise.resolve(body?.return?.()).catch(() => {});
  } catch {
    // It threw at once.
  }
}

/** A piece of the body, or nothing at its end. */
export function pieceOf(result: IteratorResult<Uint8Array> | undefined, facts: CallFacts): Uint8Array | undefined {
  if (result?.done === true) return undefined;
  const piece: unknown = result?.value;
  // Not `instanceof`: test runners give each file globals of its own.
  if (ArrayBuffer.isView(piece)) return piece as Uint8Array;
  throw transportFailed('gave a piece of the body that is not a Uint8Array', facts);
}
