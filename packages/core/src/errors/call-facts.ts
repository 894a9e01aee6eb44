import { hintFor } from './hints.ts';
import type { ErrorCode, ErrorPhase, OllamaError } from './ollama-error.ts';

/** Facts about the call that failed; never its content. */
export interface CallFacts {
  /** Address of the server, without credentials. */
  url: string;
  method: string;
  path: string;
  model: string | undefined;
  /** Creates the errors of the call. */
  errors: CallErrors;
}

/**
 * Creates the errors of a call. Each method is named after the usual code of its error. A client imports them; the
 * functions entry, which must be small, loads them when a call fails, and so uses only this interface.
 */
export interface CallErrors {
  /** The caller cancelled, with this reason. */
  aborted(facts: CallFacts, reason: unknown, phase?: ErrorPhase): OllamaError;
  /** The reason why a transport rejected. */
  connection_failed(facts: CallFacts, cause: unknown, phase: ErrorPhase, connectMs: number): OllamaError;
  /** An error response. */
  server_error(facts: CallFacts, answer: RefusedAnswer): OllamaError;
  /** An error within a successful response. */
  stream_error(facts: CallFacts, line: object): OllamaError;
  bad_line(facts: CallFacts, wrong: BadLine): OllamaError;
  line_too_long(facts: CallFacts, maxBytes: number): OllamaError;
  truncated(facts: CallFacts): OllamaError;
  timeout(facts: CallFacts, limit: TimeLimit, limitMs: number): OllamaError;
  /** An invalid header, with its name if that is valid. */
  bad_request(facts: CallFacts, header: string | undefined): OllamaError;
  /** A custom transport that does not return what it must. */
  hook_failed(facts: CallFacts, fault: TransportFault): OllamaError;
}

/** What is wrong with a line: its bytes, its JSON, or, as text, its shape. */
export type BadLine = { cause: unknown } | { line: number; characters: number } | { shape: string | undefined };

/** Deadlines that the client itself watches. */
export type TimeLimit = 'firstByte' | 'idle' | 'total';

/** An error response. */
export interface RefusedAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** The part of a response that a transport returned incorrectly. */
export type TransportFault = 'answer' | 'status' | 'headers' | 'header' | 'body' | 'piece';

/** `POST /api/chat at http://127.0.0.1:11434`, for messages. */
export const where = (facts: CallFacts): string => `${routeOf(facts)} at ${facts.url}`;

const routeOf = ({ method, path }: CallFacts) => `${method} ${path}`;

/** What an error says about the failed call, with the usual hint. */
export const failureOf = (code: ErrorCode, facts: CallFacts, phase?: ErrorPhase) => ({
  code,
  hint: hintFor(code, facts, phase),
  model: facts.model,
  route: routeOf(facts),
  url: facts.url,
  phase,
});
