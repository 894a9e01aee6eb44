import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isObject, type JsonObject } from './json.ts';

/**
 * How a request ended: `complete` if the complete response was handed to the socket, `aborted` if the client closed it
 * before that, `cut` if the server did so on purpose.
 */
export type Outcome = 'open' | 'complete' | 'aborted' | 'cut';

/** The received request, kept for the assertions of a test. */
export class RecordedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body; those of an uploaded blob are not kept. */
  raw: Buffer = Buffer.alloc(0);
  /** Number of its socket, from 1: equal numbers mean that a connection was reused. */
  readonly connection: number;
  /** Milliseconds of `performance.now()`. */
  readonly receivedAt = performance.now();
  closedAt: number | undefined;
  outcome: Outcome = 'open';
  readonly closed: Promise<Exclude<Outcome, 'open'>>;

  constructor(incoming: IncomingMessage, response: ServerResponse, connection: number) {
    this.method = incoming.method ?? '';
    this.url = incoming.url ?? '';
    this.path = this.url.split('?', 1)[0]!;
    this.headers = incoming.headers;
    this.connection = connection;
    this.closed = new Promise((resolve) => {
      response.once('close', () => {
        this.closedAt = performance.now();
        const outcome = this.outcome === 'cut' ? 'cut' : response.writableFinished ? 'complete' : 'aborted';
        this.outcome = outcome;
        resolve(outcome);
      });
    });
  }

  /** The parsed JSON body; an empty object if there is none. */
  get body(): JsonObject {
    try {
      const value: unknown = JSON.parse(this.raw.toString('utf8'));
      return isObject(value) ? value : {};
    } catch {
      return {};
    }
  }
}
