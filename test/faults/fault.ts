import type { ErrorCode, ErrorPhase, OllamaError, Timeouts } from '@ollama-toolbelt/core';
import type { AnyReply } from '@ollama-toolbelt/ollama-server';

/** What a caller gets. */
export interface Told {
  class: 'OllamaHttpError' | 'OllamaConnectionError' | 'OllamaTimeoutError' | 'OllamaStreamError';
  code: ErrorCode;
  phase: ErrorPhase;
  retryable: boolean;
  message: RegExp;
  /** Nothing where there is nothing to say. */
  hint: RegExp | undefined;
  status?: number;
  /** What else the error holds. */
  also?: Partial<Record<'retryAfterMs' | 'signinUrl', unknown>>;
}

/** One thing that goes wrong, and what the caller gets then. */
export interface Fault {
  /** What happened, as a person would say it. */
  name: string;
  /** No server to talk to; everything else is a `reply`. */
  unreachable?: 'refused' | 'dns' | 'tls';
  reply?: () => AnyReply;
  timeouts?: Timeouts;
  /** The server waits for ever, so it sees the client leave. */
  stalls?: boolean;
  /** How many of the two lines before the fault had come. */
  lines?: 1 | 2;
  told: Told;
}

type Rest = Partial<Pick<Told, 'retryable' | 'also'>>;

export const http = (
  status: number,
  code: ErrorCode,
  message: RegExp,
  hint: RegExp | undefined,
  rest: Rest = {},
): Told => ({ class: 'OllamaHttpError', status, code, phase: 'firstByte', retryable: false, message, hint, ...rest });

export const connection = (code: ErrorCode, phase: ErrorPhase, message: RegExp, hint: RegExp): Told => ({
  class: 'OllamaConnectionError',
  code,
  phase,
  retryable: false,
  message,
  hint,
});

export const inStream = (code: ErrorCode, message: RegExp, hint: RegExp | undefined): Told => ({
  class: 'OllamaStreamError',
  code,
  phase: 'body',
  retryable: false,
  message,
  hint,
});

export const timeout = (phase: ErrorPhase, message: RegExp, hint: RegExp): Told => ({
  class: 'OllamaTimeoutError',
  code: 'timeout',
  phase,
  retryable: false,
  message,
  hint,
});

/** Whether an error is what was promised, but for its words. */
export const factsOf = ({ class: name, code, phase, retryable, status, also }: Told): Partial<OllamaError> => ({
  name,
  code,
  phase,
  retryable,
  ...(status !== undefined && { status }),
  ...also,
});
