/**
 * `@ollama-toolbelt/core/node`: the client on Node, with undici for HTTP and environment variables as defaults. In
 * Node, `@ollama-toolbelt/core` is this entry too.
 */
import { Ollama } from '../client.ts';
import { OllamaError } from '../errors/errors.ts';
import { readInput } from '../errors/unexpected.ts';
import { parseHost } from '../http/host.ts';
import { checkOptions, clientOptions, type KindsOf } from '../http/known-options.ts';
import type { ClientOptions } from '../options.ts';
import { sleep } from '../sleep.ts';
import { timer } from '../timer.ts';
import { modelFiles } from './files/model-files.ts';
import type { OpenFile } from './files/open-file.ts';
import { checkedProxy, proxyAddress, proxyFromEnvironment } from './http/proxy.ts';
import { createTransport } from './transport.ts';

export * from '../neutral.ts';
export { isInside } from './files/is-inside.ts';
export { type OpenFile, openRegularFile } from './files/open-file.ts';
export { type DiskEmbeddingStore, type DiskStoreOptions, diskEmbeddingStore } from './vectors/disk-store.ts';

/** The pool of connections to the server. */
export interface PoolOptions {
  /** Most connections at a time. @default none */
  connections?: number | undefined;
}

/** Options that only Node has. */
export interface NodeOptions extends ClientOptions {
  /** Proxy to go through, of http, https or socks5; `false` for none. @default HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and none to this machine */
  proxy?: string | false | undefined;
  /** Certificates to trust in addition to the usual ones, as PEM text. */
  ca?: string | readonly string[] | undefined;
  /** Accept any certificate, such as a self-signed one. Anyone in between can then read everything. @default false */
  insecure?: boolean | undefined;
  /** The pool of connections. */
  pool?: PoolOptions | undefined;
  /**
   * Opens the files of Modelfiles and uploads, for programs that allow only some files. It gets an absolute path, and
   * an error it throws ends the call. All reads use the handle it returns. @default any regular file
   */
  openFile?: OpenFile | undefined;
}

const nodeOptions = {
  ...clientOptions,
  proxy: 'text',
  ca: 'anything',
  insecure: 'boolean',
  pool: { connections: 'number' },
  openFile: 'function',
} as const satisfies KindsOf<NodeOptions>;

/**
 * A client of the server at `host`. Missing options come from the environment: OLLAMA_HOST, OLLAMA_API_KEY and the
 * proxy variables. Without any of them the server is 127.0.0.1:11434.
 *
 * @throws OllamaError `bad_host` if the address cannot be read, `bad_request` for an unknown option or a proxy that is
 * not http, https or socks5.
 *
 * @example
 * ```ts
 * import { createOllama } from '@ollama-toolbelt/core/node';
 *
 * const ollama = createOllama({ host: 'http://127.0.0.1:11434', timeouts: { totalMs: 60_000 } });
 * console.log((await ollama.version()).version); // 0.…
 * ```
 */
export function createOllama(options: NodeOptions = {}): Ollama {
  return readInput('The options of createOllama', () => create(options ?? {}));
}

function create(options: NodeOptions): Ollama {
  checkOptions(options, nodeOptions, 'createOllama');
  const { proxy, ca, insecure, pool, openFile, ...others } = options;
  checkCertificates(ca);
  const host = options.host ?? (process.env['OLLAMA_HOST']?.trim() || undefined);
  const { url, socketPath } = parseHost(host ?? '');
  const { transport, close } = createTransport({
    socketPath,
    proxy: checkedProxy(socketPath === undefined ? proxyOf(proxy, url) : noProxy(proxy)),
    ca: ca ?? undefined,
    insecure,
    connections: pool?.connections,
  });
  return new Ollama({
    ...others,
    host,
    apiKey: options.apiKey ?? process.env['OLLAMA_API_KEY'],
    transport,
    close,
    files: modelFiles(openFile),
    sleep,
    timer,
    fromBase64: (text) => Buffer.from(text, 'base64'),
    now: () => performance.now(),
  });
}

function checkCertificates(ca: unknown): void {
  if (ca === undefined || ca === null || [ca].flat().every((text) => typeof text === 'string')) return;
  throw new OllamaError('ca of createOllama has a value of the wrong type.', {
    code: 'bad_request',
    option: 'ca',
    hint: 'ca takes the PEM text of a certificate, or a list of such texts: readFileSync(path, "utf8").',
  });
}

/** The environment counts only without an option, so it need not be readable with one. */
function proxyOf(given: string | false | undefined, url: string): string | undefined {
  if (given === false) return undefined;
  return typeof given === 'string' ? proxyAddress(given) : proxyFromEnvironment(url, process.env);
}

/** A proxy would connect to its own machine instead of the socket. */
function noProxy(given: string | false | undefined): undefined {
  if (typeof given !== 'string') return;
  throw new OllamaError('A unix:// address cannot be reached through a proxy.', {
    code: 'bad_request',
    option: 'proxy',
    hint: 'Leave out proxy, or give the address of the server as http:// or https://.',
  });
}
