import { closestNames } from '../errors/closest-name.ts';
import { OllamaError } from '../errors/errors.ts';
import { readInput } from '../errors/unexpected.ts';
import type {
  CallOptions,
  ClientOptions,
  CreateOptions,
  EmbedOptions,
  RateLimit,
  RetryOptions,
  Timeouts,
} from '../options.ts';
import type { Platform } from '../platform.ts';
import { checkSignal } from './abort-signals.ts';

/** What an option accepts; an object has options of its own. */
export type OptionKind = 'text' | 'number' | 'count' | 'boolean' | 'function' | 'anything' | OptionKinds;
export interface OptionKinds {
  readonly [name: string]: OptionKind;
}

/** One entry per option of an interface. */
export type KindsOf<Options> = { readonly [Name in keyof Required<Options>]: OptionKind };

const timeouts = {
  connectMs: 'number',
  firstByteMs: 'number',
  idleMs: 'number',
  totalMs: 'number',
} as const satisfies KindsOf<Timeouts>;

const retry = {
  attempts: 'number',
  minDelayMs: 'number',
  maxDelayMs: 'number',
} as const satisfies KindsOf<RetryOptions>;

export const callOptions = {
  signal: 'anything',
  timeouts,
  retry,
  headers: 'anything',
} as const satisfies KindsOf<CallOptions>;

const transferOptions = {
  ...callOptions,
  onProgress: 'function',
  baseDir: 'text',
} as const satisfies KindsOf<CreateOptions>;

const embedOptions = {
  ...callOptions,
  batchSize: 'count',
  embedCache: 'boolean',
} as const satisfies KindsOf<EmbedOptions>;

export const clientOptions = {
  host: 'text',
  apiKey: 'text',
  headers: 'anything',
  timeouts,
  retry,
  maxLineBytes: 'number',
  concurrency: 'number',
  rateLimit: { calls: 'number', periodMs: 'number' } satisfies KindsOf<RateLimit>,
  embedCache: 'anything',
  onRequest: 'function',
  onResponse: 'function',
} as const satisfies KindsOf<ClientOptions>;

const platform = {
  // Rejected on the first call, with what it has to be.
  transport: 'anything',
  sleep: 'function',
  now: 'function',
  timer: 'function',
  fromBase64: 'function',
  files: 'anything',
  close: 'function',
} as const satisfies KindsOf<Platform>;

/** Options of a client with a custom transport. */
export const neutralOptions: OptionKinds = { ...clientOptions, ...platform };

/** What other clients call them. */
const otherNames: Readonly<Record<string, string>> = {
  baseurl: 'host',
  url: 'host',
  endpoint: 'host',
  address: 'host',
  server: 'host',
  token: 'apiKey',
  key: 'apiKey',
  authtoken: 'apiKey',
  bearer: 'apiKey',
  defaultheaders: 'headers',
  timeout: 'timeouts.totalMs',
  timeoutms: 'timeouts.totalMs',
  headerstimeout: 'timeouts.firstByteMs',
  bodytimeout: 'timeouts.idleMs',
  connecttimeout: 'timeouts.connectMs',
  maxretries: 'retry.attempts',
  retries: 'retry.attempts',
  attempts: 'retry.attempts',
  abortsignal: 'signal',
  abort: 'signal',
  maxconcurrency: 'concurrency',
  rejectunauthorized: 'insecure',
  connections: 'pool.connections',
  cache: 'embedCache',
  onprogress: 'onProgress',
};

const OF_NODE_CLIENT = 'createOllama of @ollama-toolbelt/core/node takes it.';

/** Options that only some clients or calls have, and where each belongs. */
const elsewhere: Readonly<Record<string, string>> = {
  fetch: 'createOllama of @ollama-toolbelt/core/fetch takes it.',
  proxy: OF_NODE_CLIENT,
  ca: OF_NODE_CLIENT,
  insecure: OF_NODE_CLIENT,
  pool: OF_NODE_CLIENT,
  host: 'createOllama takes it.',
  apiKey: 'createOllama takes it.',
  signal: 'It is an option of a call: the second argument of each method.',
  onProgress: 'pull, push, create and blobs.upload take it.',
  baseDir: 'create and createStream take it.',
  batchSize: 'embed takes it, as an option of the call.',
  model: 'It belongs in each request: the first argument of each method.',
  options: 'They belong in each request: the first argument of each method.',
  keep_alive: 'It belongs in each request: the first argument of each method.',
};

/**
 * Rejects an unknown option or a wrong type: a misspelled option that is ignored would silently do nothing.
 *
 * @param what names the options in the error: "createOllama", "a call".
 * @throws OllamaError `bad_request` with the name in `option`.
 */
export function checkOptions(given: object | undefined | null, kinds: OptionKinds, what: string, path = ''): void {
  if (given === undefined || given === null) return;
  if (typeof given !== 'object' || Array.isArray(given))
    throw badOption(`The options of ${what} are not an object.`, '', `Pass an object with ${listed(kinds)}.`);
  for (const name of Object.keys(given)) {
    const option = path + name;
    if (!Object.hasOwn(kinds, name)) throw unknownOption(option, name, kinds, what, path);
    const value: unknown = given[name as keyof typeof given];
    const kind = kinds[name] as OptionKind;
    if (value === undefined || value === null || isOff(option, value)) continue;
    if (typeof kind === 'object') {
      if (typeof value !== 'object' || Array.isArray(value)) throw wrongKind(option, kind, what);
      checkOptions(value, kind, what, `${option}.`);
    } else if (!fits(value, kind)) {
      throw wrongKind(option, kind, what);
    }
  }
}

/**
 * The options of one call; `undefined` and `null` mean none.
 *
 * @throws OllamaError `bad_request`
 */
export const readCallOptions = (given: CallOptions | null | undefined): CallOptions => read(given, callOptions);

/** The options of a call that reports progress. Callers that remove these decide which of them a route has. */
export const readTransferOptions = (given: CreateOptions | null | undefined): CreateOptions => ({
  ...read(given, transferOptions),
});

/** The options of `embed`. Without batchSize and embedCache they are those of its requests. */
export const readEmbedOptions = (given: EmbedOptions | null | undefined): EmbedOptions => read(given, embedOptions);

function read<Options extends object>(given: Options | null | undefined, kinds: OptionKinds): Options {
  return readInput('The options of a call', () => {
    checkOptions(given, kinds, 'a call');
    const { signal } = (given ?? {}) as CallOptions;
    if (signal !== undefined && signal !== null) checkSignal(signal);
    return given ?? ({} as Options);
  });
}

const listed = (kinds: OptionKinds) => Object.keys(kinds).join(', ');

/** Rejects a camelCase name, which only our own options have: anything else there is a field of the server. */
export function checkOwnNames(given: object, kinds: OptionKinds, what: string): void {
  const unknown = Object.keys(given).find((name) => /[A-Z]/.test(name) && !Object.hasOwn(kinds, name));
  if (unknown !== undefined) throw unknownOption(unknown, unknown, kinds, what, '');
}

/** Options that `false` turns off. */
const isOff = (option: string, value: unknown) => value === false && (option === 'retry' || option === 'proxy');

function fits(value: unknown, kind: Exclude<OptionKind, OptionKinds>): boolean {
  if (kind === 'anything') return true;
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'count') return Number.isInteger(value) && (value as number) > 0;
  return typeof value === kind && !Number.isNaN(value);
}

const kindWords: Partial<Record<Exclude<OptionKind, OptionKinds>, string>> = {
  boolean: 'true or false',
  count: 'a whole number, 1 or more',
};

function wrongKind(option: string, kind: OptionKind, what: string): OllamaError {
  const takes = typeof kind === 'object' ? `an object with ${listed(kind)}` : (kindWords[kind] ?? `a ${kind}`);
  return badOption(`${option} of ${what} has a value of the wrong type.`, option, `${option} takes ${takes}.`);
}

function unknownOption(option: string, name: string, kinds: OptionKinds, what: string, path: string): OllamaError {
  return badOption(`${shown(option)} is not an option of ${what}.`, option, hintFor(name, kinds, path));
}

function hintFor(name: string, kinds: OptionKinds, path: string): string {
  const plain = name.replace(/[^a-z]/gi, '').toLowerCase();
  const meant = Object.hasOwn(otherNames, plain) ? (otherNames[plain] as string) : undefined;
  if (meant !== undefined && Object.hasOwn(kinds, meant.split('.')[0] as string)) return `Did you mean ${meant}?`;
  const [near] = closestNames(name.slice(0, 100), Object.keys(kinds), 1);
  if (near !== undefined && !Object.hasOwn(elsewhere, name)) return `Did you mean ${path}${near}?`;
  if (meant !== undefined && Object.hasOwn(elsewhere, meant)) return `Did you mean ${meant}? ${elsewhere[meant]}`;
  if (Object.hasOwn(elsewhere, name)) return elsewhere[name] as string;
  return `There are: ${listed(kinds)}.`;
}

/** A name is short; anything longer may be a value in the wrong place. */
const shown = (name: string) => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

function badOption(message: string, option: string, hint?: string): OllamaError {
  return new OllamaError(message, { code: 'bad_request', hint, option: shown(option) || undefined });
}
