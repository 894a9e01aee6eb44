/** What went wrong, in one word to switch on. */
export type ErrorCode =
  | 'model_not_found'
  | 'not_found'
  | 'unauthorized'
  | 'forbidden'
  | 'quota_exceeded'
  | 'rate_limited'
  | 'server_busy'
  | 'server_error'
  | 'bad_request'
  | 'unsupported'
  | 'wrong_server'
  | 'redirect'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'connection_failed'
  | 'timeout'
  | 'aborted'
  | 'truncated'
  | 'bad_line'
  | 'line_too_long'
  | 'stream_error'
  | 'bad_host'
  | 'bad_modelfile'
  | 'bad_output'
  | 'context_exceeded'
  | 'hook_failed';

/**
 * Where a call was when it failed: waiting for its turn or for a retry, connecting, waiting for the first byte, or
 * reading the body. A timeout names its limit here: `connect`, `firstByte`, `idle` or `total`.
 */
export type ErrorPhase = 'queue' | 'retry' | 'connect' | 'firstByte' | 'body' | 'idle' | 'total';

/**
 * The facts as values, for programs that act on them or write their own messages. Each is set only if it is known. The
 * text of a message may change at any time; these do not.
 */
export interface ErrorDetails {
  /** The request that failed: method and path of the API, such as `POST /api/chat`. */
  route?: string | undefined;
  /** Address of the server, without credentials. */
  url?: string | undefined;
  /** `context_exceeded`: tokens of the prompt, if the server counted them. */
  tokens?: number | undefined;
  /** `context_exceeded`: tokens that the context holds, if the server said so. */
  contextLength?: number | undefined;
  /** `timeout`: which deadline passed; the setting is `timeouts[`${limit}Ms`]`. */
  limit?: 'connect' | 'firstByte' | 'idle' | 'total' | undefined;
  /** `timeout`: how long that deadline is, in milliseconds. */
  limitMs?: number | undefined;
  /** `line_too_long`: maximum bytes of a line (`maxLineBytes`). */
  maxBytes?: number | undefined;
  /** `bad_line`: which line of the answer; `bad_modelfile`: which one of the Modelfile. Counted from 1. */
  line?: number | undefined;
  /** `bad_line`, `bad_output`: length of the text that could not be read. */
  characters?: number | undefined;
  /**
   * `bad_output`: the answer is not JSON, does not match the schema, or the model calls tools without end.
   * `server_error`, `stream_error`: the model does not fit in memory, its runner crashed, or the registry has no TLS.
   */
  reason?: 'not_json' | 'not_schema' | 'too_many_rounds' | 'out_of_memory' | 'crashed' | 'plain_http' | undefined;
  /** `bad_output` with `too_many_rounds`: how many there were (`maxRounds`). */
  rounds?: number | undefined;
  /** `bad_modelfile`: the command that names a model or a file: FROM, ADAPTER or DRAFT. */
  command?: string | undefined;
  /** The file or folder, as it was given. */
  path?: string | undefined;
  /** The option or parameter, such as `num_ctx`. */
  option?: string | undefined;
  /** `bad_request`, `bad_output`: the wrong field, such as `messages.images` or `address.city`. */
  field?: string | undefined;
  /** `model_not_found`: the most similar names of installed models, the most similar first. */
  nearestModels?: readonly string[] | undefined;
  /** `unsupported`: what the model cannot do, in Ollama's word: `chat`, `tools`, `insert`, `thinking` … */
  capability?: string | undefined;
  /** The text of `embed` that the server rejected: its index in `input`. */
  inputIndex?: number | undefined;
  /** The code of the system or the transport for a connection failure, such as `ECONNREFUSED`. */
  systemCode?: string | undefined;
  /** `redirect`: its target, without credentials and without the query, which may contain a token. */
  location?: string | undefined;
  /** The header that cannot be sent. */
  header?: string | undefined;
}

/** The parts of an `OllamaError`, for code that throws its own. */
export interface OllamaErrorOptions extends ErrorDetails {
  /** What happened, for programs. */
  code: ErrorCode;
  /** Whether the same call may succeed if it is repeated. @default false */
  retryable?: boolean;
  /** What to do about it, as a sentence for people. */
  hint?: string | undefined;
  /** The model of the call. */
  model?: string | undefined;
  /** Where the call was. */
  phase?: ErrorPhase | undefined;
  /** What had arrived before the failure. */
  partial?: unknown;
  /** What the transport reported, or the reason of your signal. */
  cause?: unknown;
}

/** The details are properties of the error itself. */
export interface OllamaError extends Readonly<ErrorDetails> {}

/** Any failure of a call. No prompt, image or key is ever part of a message. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: all that is merged in is optional, and the constructor sets it
export class OllamaError extends Error {
  override readonly name: string = 'OllamaError';
  readonly code!: ErrorCode;
  /** Whether the same call may succeed if it is repeated. */
  readonly retryable!: boolean;
  /** What to do about it, as a sentence for people. */
  readonly hint!: string | undefined;
  readonly model!: string | undefined;
  readonly phase!: ErrorPhase | undefined;
  /**
   * What had arrived before the failure, in the shape of the complete answer; for pull, push and create the last line.
   */
  readonly partial!: unknown;

  constructor(message: string, options: OllamaErrorOptions) {
    const { cause, ...details } = options;
    super(message, 'cause' in options ? { cause } : undefined);
    const known = Object.entries(details).filter(([, value]) => value !== undefined);
    Object.assign(this, { retryable: false }, Object.fromEntries(known));
  }
}
