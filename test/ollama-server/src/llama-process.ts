import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NoEngineError } from './llama/llama-engine.ts';
import type { OllamaVersion } from './wire/version.ts';

export interface LlamaOptions {
  /** Start without any model. */
  empty?: boolean;
  port?: number;
  /** The version of Ollama it behaves as. @default '0.33' */
  version?: OllamaVersion;
  /** Ends the server too. */
  signal?: AbortSignal;
}

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));

/** A running llama engine in a separate process, so its work never blocks the test's event loop. */
export class LlamaServer implements AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly host: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(host: string, child: ChildProcess, ended: Promise<unknown>) {
    this.host = host;
    this.#child = child;
    this.#ended = ended;
  }

  static async start({ empty = false, port = 0, version = '0.33', signal }: LlamaOptions = {}): Promise<LlamaServer> {
    signal?.throwIfAborted();
    // Its standard input is our pipe: when this process dies, for whatever reason, the pipe closes and the server ends.
    const flags = ['--stdin', '--port', String(port), '--play', version, ...(empty ? ['--empty'] : [])];
    const child = spawn(process.execPath, [cli, ...flags], { stdio: ['pipe', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const kill = () => child.kill('SIGTERM');
    signal?.addEventListener('abort', kill, { once: true });
    void ended.finally(() => signal?.removeEventListener('abort', kill)).catch(() => undefined);
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    const first = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => [undefined])]);
    const [, host] = /^Listening on (http:\S+)/.exec(String(first[0])) ?? [];
    if (host !== undefined) return new LlamaServer(host, child, ended);
    await ended;
    signal?.throwIfAborted();
    const message = errors.join('').trim();
    if (message.startsWith('no llama.cpp binary')) throw new NoEngineError(message);
    throw new Error(`the llama engine did not start: ${message}`);
  }

  /** The same as `host`. */
  get url(): string {
    return this.host;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
