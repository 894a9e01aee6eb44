import type { CallFacts } from '../errors/call-facts.ts';
import { type CallbackBody, pullPiece, type TransportResponse } from '../platform.ts';

/** A body, and how to ask for its pieces. */
export interface PieceSource {
  readonly iterator: AsyncIterator<Uint8Array>;
  /** Asks for the next piece, which goes to a callback: later, or immediately if it has arrived already. */
  pull(): void;
}

/**
 * The body of a response, after checking that the response is what a transport has to return.
 *
 * @throws OllamaError `hook_failed` if it is not.
 */
export function openBody(
  response: TransportResponse,
  facts: CallFacts,
  onPiece: (source: PieceSource, bytes: Uint8Array | undefined) => void,
  onFailure: (source: PieceSource, cause: unknown) => void,
): PieceSource {
  if (typeof response !== 'object' || response === null) throw facts.errors.hook_failed(facts, 'answer');
  const { status, headers, body } = response;
  if (typeof status !== 'number') throw facts.errors.hook_failed(facts, 'status');
  if (typeof headers !== 'object' || headers === null) throw facts.errors.hook_failed(facts, 'headers');
  for (const name in headers) {
    if (typeof headers[name] !== 'string') throw facts.errors.hook_failed(facts, 'header');
  }
  if (typeof body?.[Symbol.asyncIterator] !== 'function') {
    throw facts.errors.hook_failed(facts, 'body');
  }
  const iterator: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  const failed = (cause: unknown) => onFailure(source, cause);
  const came = (bytes: Uint8Array | undefined) => onPiece(source, bytes);
  const settled = (result: IteratorResult<Uint8Array> | undefined) => {
    let bytes: Uint8Array | undefined;
    try {
      bytes = pieceOf(result, facts);
    } catch (cause) {
      return failed(cause);
    }
    came(bytes);
  };
  const pullByPromise = () => {
    try {
      Promise.resolve(iterator.next()).then(settled, failed);
    } catch (cause) {
      failed(cause);
    }
  };
  const source: PieceSource = {
    iterator,
    pull: isCallbackBody(iterator) ? () => iterator[pullPiece](came, failed) : pullByPromise,
  };
  return source;
}

const isCallbackBody = (iterator: AsyncIterator<Uint8Array>): iterator is CallbackBody =>
  typeof iterator === 'object' && iterator !== null && pullPiece in iterator;

/** Ends a body that nobody reads any more. Failures do not matter then. */
export function leaveBody(body: AsyncIterator<Uint8Array>): void {
  try {
    // Stryker disable next-line OptionalChaining: what it throws is caught
    Promise.resolve(body.return?.()).catch(() => {});
  } catch {
    // It threw synchronously.
  }
}

/** A piece of the body, or undefined at its end. */
function pieceOf(result: IteratorResult<Uint8Array> | undefined, facts: CallFacts): Uint8Array | undefined {
  if (result?.done === true) return undefined;
  const piece: unknown = result?.value;
  // Not `instanceof`: test runners give each file its own globals.
  if (ArrayBuffer.isView(piece)) return piece as Uint8Array;
  throw facts.errors.hook_failed(facts, 'piece');
}
