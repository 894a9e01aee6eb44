import type { IncomingMessage } from 'node:http';
import type {
  ChatBody,
  CopyBody,
  CreateBody,
  EmbedBody,
  EmbeddingsBody,
  GenerateBody,
  NameBody,
  ShowBody,
  WebBody,
} from './bodies.ts';
import type { JsonObject } from './json.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** The response of an operation: one object, or lines that the wire layer streams or adds up. */
export type Answer = { once: JsonObject } | { lines: AsyncIterable<JsonObject> };

/** One request on its way through an engine; the signal aborts when its client disconnects. */
export interface Call {
  signal: AbortSignal;
  request: RecordedRequest;
}

/** An engine behind the wire layer. An error for the client is thrown as a WireError. */
export interface Backend {
  version(call: Call): JsonObject;
  status(call: Call): JsonObject;
  tags(call: Call): JsonObject;
  ps(call: Call): JsonObject;
  show(body: ShowBody, call: Call): JsonObject;
  generate(body: GenerateBody, call: Call): Promise<Answer>;
  chat(body: ChatBody, call: Call): Promise<Answer>;
  embed(body: EmbedBody, call: Call): Promise<JsonObject>;
  embeddings(body: EmbeddingsBody, call: Call): Promise<JsonObject>;
  create(body: CreateBody, call: Call): Promise<Answer>;
  pull(body: NameBody, call: Call): Promise<Answer>;
  push(body: NameBody, call: Call): Promise<Answer>;
  copy(body: CopyBody, call: Call): void;
  delete(body: NameBody, call: Call): void;
  hasBlob(digest: string): boolean;
  /** Takes the bytes; throws if they do not match the digest. */
  addBlob(digest: string, content: IncomingMessage): Promise<void>;
  me(call: Call): JsonObject;
  signOut(call: Call): JsonObject | null;
  webSearch(body: WebBody, call: Call): JsonObject;
  webFetch(body: WebBody, call: Call): JsonObject;
  recommendations(call: Call): JsonObject;
}
