import { hintFor } from './hints.ts';
import type { ErrorCode, ErrorPhase, OllamaError } from './ollama-error.ts';

/** What is known of the call that failed; never its content. */
export interface CallFacts {
  /** Address of the server, without credentials. */
  url: string;
  method: string;
  path: string;
  model: string | undefined;
  /** Makes the errors of the call. */
  errors: CallErrors;
}

/**
 * Makes the errors of a call, each under the code that it has at least in general. A client gets them with its first line;
 * one that must be small loads them when a call fails, and so reaches them through this interface only.
 */
export interface CallErrors {
  /** The caller gave up, with this reason. */
  aborted(facts: CallFacts, reason: unknown, phase?: ErrorPhase): OllamaError;
  /** What a transport rejected with. */
  connection_failed(facts: CallFacts, cause: unknown, phase: ErrorPhase, connectMs: number): OllamaError;
  /** An answer that is not a good one. */
  server_error(facts: CallFacts, answer: RefusedAnswer): OllamaError;
  /** An error within a good answer. */
  stream_error(facts: CallFacts, line: object): OllamaError;
  bad_line(facts: CallFacts, wrong: BadLine): OllamaError;
  line_too_long(facts: CallFacts, maxBytes: number): OllamaError;
  truncated(facts: CallFacts): OllamaError;
  timeout(facts: CallFacts, limit: TimeLimit, limitMs: number): OllamaError;
  /** A header with this name, if it is one, that no request can hold. */
  bad_request(facts: CallFacts, header: string | undefined): OllamaError;
  /** A transport of the caller's own that does not do what it has to. */
  hook_failed(facts: CallFacts, fault: TransportFault): OllamaError;
}

/** What is wrong with a line: its bytes, its JSON, or, in words, its shape. */
export type BadLine = { cause: unknown } | { line: number; characters: number } | { shape: string | undefined };

/** Deadlines that the client itself watches. */
export type TimeLimit = 'firstByte' | 'idle' | 'total';

/** An answer that is not a good one. */
export interface RefusedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** What of an answer a transport gives wrongly. */
export type TransportFault = 'answer' | 'status' | 'headers' | 'header' | 'body' | 'piece';

/** `POST /api/chat at http://127.0.0.1:11434`, to say in a message where it happened. */
export const where = (facts: CallFacts): string => `${routeOf(facts)} at ${facts.url}`;

const routeOf = ({ method, path }: CallFacts) => `${method} ${path}`;

/** What an error tells of the call that failed, with the usual hint. */
export const failureOf = (code: ErrorCode, facts: CallFacts, phase?: ErrorPhase) => ({
  code,
  hint: hintFor(code, facts, phase),
  model: facts.model,
  route: routeOf(facts),
  url: facts.url,
  phase,
});
