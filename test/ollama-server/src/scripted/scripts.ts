import type { Exchange } from '../wire/exchange.ts';
import type { JsonObject } from '../wire/json.ts';
import type { RecordedRequest } from '../wire/recorded-request.ts';
import { WireError } from '../wire/wire-error.ts';
import type { Pause } from './steps.ts';

/** An answer of chat or generate. What is left out takes a fixed default, so two runs are equal. */
export interface AnswerScript {
  /** One line each; a pause among them holds the stream there. */
  text?: string | readonly (string | Pause)[];
  thinking?: string | readonly (string | Pause)[];
  /** One line each, after the text. */
  toolCalls?: readonly { name: string; arguments: JsonObject; id?: string }[];
  /** `stop` by default; null leaves the key out. */
  doneReason?: string | null;
  counts?: { prompt?: number; answer?: number };
  context?: readonly number[];
  /** One list for each piece of text. */
  logprobs?: readonly (readonly JsonObject[])[];
  /** The engine fails after the text: a last line with this error, or a 500 where the client does not stream. */
  failure?: string;
  /** Whole lines, in place of everything above. */
  lines?: readonly (JsonObject | Pause)[];
}

export interface EmbedScript {
  embeddings: readonly (readonly number[])[];
  promptTokens?: number;
}

/** Lines of pull, push or create: a string is a bare status, `failWith(…)` ends them with its error. */
export type ProgressScript = readonly (string | JsonObject | Pause | WireError)[];

/** Writes an answer by itself, below the wire layer. */
export class RawReply {
  readonly play: (exchange: Exchange) => Promise<void> | void;

  constructor(play: (exchange: Exchange) => Promise<void> | void) {
    this.play = play;
  }
}

/** A whole JSON body, as it is. */
export class JsonReply {
  readonly body: unknown;
  readonly status: number;

  constructor(body: unknown, status = 200) {
    this.body = body;
    this.status = status;
  }
}

/** What may be asked for on any route. */
export type AnyReply = RawReply | JsonReply | WireError;

/** A function that gives nothing leaves the answer to the engine. */
export type Script<T> = T | AnyReply | ((request: RecordedRequest) => T | AnyReply | undefined);

/** An error of the server's own form, with a real status. */
export const failWith = (status: number, message: string, extra: JsonObject = {}): WireError =>
  new WireError(status, message, extra);

export const replyJson = (body: unknown, status = 200): JsonReply => new JsonReply(body, status);
