import type { Exchange } from '../wire/exchange.ts';
import type { JsonObject } from '../wire/json.ts';
import type { RecordedRequest } from '../wire/recorded-request.ts';
import { WireError } from '../wire/wire-error.ts';
import type { Pause } from './steps.ts';

/** An answer of chat or generate. Missing fields have fixed defaults, so two runs are equal. */
export interface AnswerScript {
  /** One line each; a pause among them holds the stream there. */
  text?: string | readonly (string | Pause)[];
  thinking?: string | readonly (string | Pause)[];
  /** One line each, after the text. */
  toolCalls?: readonly { name: string; arguments: JsonObject; id?: string }[];
  /** `stop` by default; null omits the key. */
  doneReason?: string | null;
  counts?: { prompt?: number; answer?: number };
  context?: readonly number[];
  /** One list per piece of text. */
  logprobs?: readonly (readonly JsonObject[])[];
  /** The engine fails after the text: a last line with this error, or a 500 if the client does not stream. */
  failure?: string;
  /** Complete lines, instead of everything above. */
  lines?: readonly (JsonObject | Pause)[];
}

export interface EmbedScript {
  embeddings: readonly (readonly number[])[];
  promptTokens?: number;
}

/** Lines of pull, push or create: a string is a bare status, `failWith(…)` ends them with its error. */
export type ProgressScript = readonly (string | JsonObject | Pause | WireError)[];

/** Writes a response itself, below the wire layer. */
export class RawReply {
  readonly play: (exchange: Exchange) => Promise<void> | void;

  constructor(play: (exchange: Exchange) => Promise<void> | void) {
    this.play = play;
  }
}

/** A complete JSON body, sent unchanged. */
export class JsonReply {
  readonly body: unknown;
  readonly status: number;

  constructor(body: unknown, status = 200) {
    this.body = body;
    this.status = status;
  }
}

/** Scripts for any route. */
export type AnyReply = RawReply | JsonReply | WireError;

/** A function that returns nothing leaves the response to the engine. */
export type Script<T> = T | AnyReply | ((request: RecordedRequest) => T | AnyReply | undefined);

/** An error in the server's own form, with a real status. */
export const failWith = (status: number, message: string, extra: JsonObject = {}): WireError =>
  new WireError(status, message, extra);

export const replyJson = (body: unknown, status = 200): JsonReply => new JsonReply(body, status);
