import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../fixtures/free-port.ts';
import type { N8nHome } from './n8n-home.ts';

const START_MS = 240_000;
const END_MS = 60_000;

export interface ProcessOptions {
  command: string[];
  environment: Record<string, string>;
  /** Responds with 200 when it is ready. */
  readyUrl: string;
}

/** An n8n that runs until it is disposed of: the server, or a worker. */
export class N8nProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #kill = () => this.#signalAll('SIGKILL');
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-8_000);
      });
    }
    process.once('exit', this.#kill);
  }

  static async start(home: N8nHome, { command, environment, readyUrl }: ProcessOptions): Promise<N8nProcess> {
    const child = spawn(process.execPath, [home.bin, ...command], {
      cwd: home.folder,
      env: environment,
      // Its own process group, which includes the task runners it starts.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const n8n = new N8nProcess(child);
    try {
      await n8n.#ready(readyUrl);
      return n8n;
    } catch (error) {
      await n8n[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Of its main process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The end of its log. */
  get log(): string {
    return this.#output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#kill);
    if (this.#hasEnded) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(this.#kill, END_MS);
    await ended;
    clearTimeout(timer);
    this.#signalAll('SIGKILL');
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #ready(url: string): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      if (this.#hasEnded) throw new Error(`n8n ended at once: ${this.#output}`);
      const status = await fetch(url).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 200) return;
      await sleep(100);
    }
    throw new Error(`n8n was not ready within ${START_MS / 1000} seconds: ${this.#output}`);
  }

  #signalAll(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // No process of the group is left.
    }
  }
}

/** The server of an n8n, with ports that nobody else has. */
export async function startServer(
  home: N8nHome,
  more: Readonly<Record<string, string>> = {},
): Promise<{ server: N8nProcess; url: string }> {
  const [port, brokerPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const environment = home.environment({
    N8N_PORT: String(port),
    N8N_RUNNERS_BROKER_PORT: String(brokerPort),
    ...more,
  });
  return {
    server: await N8nProcess.start(home, { command: ['start'], environment, readyUrl: `${url}/healthz/readiness` }),
    url,
  };
}
