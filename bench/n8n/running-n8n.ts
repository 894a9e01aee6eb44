import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { N8nApi } from '../../test/n8n/app/n8n-api.ts';
import { N8nHome } from '../../test/n8n/app/n8n-home.ts';
import { startServer } from '../../test/n8n/app/n8n-process.ts';
import { cpuMsOf } from '../mcp/process-costs.ts';
import { message } from '../rounds.ts';
import { type Credentials, contestants } from './contestants.ts';

/** What n8n still does after its answer counts too. */
const AFTERWARDS_MS = 200;

const ENDING = ['SIGINT', 'SIGTERM'] as const;

/** A whole n8n with the packed nodes in it, and the server that its workflows ask. */
export class RunningN8n implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #ollama: ChildProcess;
  readonly #published = new Set<string>();
  #api!: N8nApi;
  #credentials!: Credentials;
  #pid: number | undefined;
  #ending: Promise<void> | undefined;
  /** n8n has a process group of its own, which Ctrl-C does not reach. */
  readonly #leave = async () => {
    await this[Symbol.asyncDispose]();
    process.exit(130);
  };

  private constructor() {
    this.#ollama = this.#stack.adopt(fork(fileURLToPath(new URL('./slot-server.ts', import.meta.url))), (child) => {
      if (child.connected) child.disconnect();
    });
    for (const signal of ENDING) process.once(signal, this.#leave);
  }

  /**
   * @param bin the file to start n8n with
   * @param profiles folder for CPU profiles, which n8n's processes write when they end
   */
  static async start(bin: string, profiles?: string): Promise<RunningN8n> {
    const running = new RunningN8n();
    try {
      await running.#start(bin, profiles);
      return running;
    } catch (error) {
      await running[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(bin: string, profiles?: string): Promise<void> {
    const baseUrl = `http://127.0.0.1:${await message(this.#ollama, 'the server of the n8n rows')}`;
    const home = this.#stack.use(await N8nHome.create(bin));
    const { server, url } = await startServer(
      home,
      profiles === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` },
    );
    this.#stack.use(server);
    this.#pid = server.pid;
    this.#api = await N8nApi.setUp(url);
    const ours = await this.#api.addCredential({ baseUrl });
    const theirs = await this.#api.addCredential({ baseUrl, apiKey: '' }, 'ollamaApi');
    this.#credentials = { ours, theirs };
  }

  /**
   * Has a contestant ask a model about so many items, in milliseconds: CPU is that of n8n's process, less what the same
   * takes for one item.
   */
  async measure(name: string, model: string, count: number): Promise<{ wall: number; cpu: number }> {
    const path = await this.#publish(name, model);
    const one = await this.#run(path, 1);
    const { wall, cpu } = await this.#run(path, count);
    return { wall, cpu: cpu - one.cpu };
  }

  async #publish(name: string, model: string): Promise<string> {
    const path = `${model}-${Object.keys(contestants).indexOf(name)}`;
    const contestant = contestants[name];
    if (contestant && !this.#published.has(path)) {
      this.#published.add(path);
      await this.#api.publish(await this.#api.addWorkflow(contestant(path, model, this.#credentials)));
    }
    return path;
  }

  async #run(path: string, count: number): Promise<{ wall: number; cpu: number }> {
    const answered = await this.#answered();
    const before = await cpuMsOf(this.#pid);
    const begin = performance.now();
    const response = await fetch(`${this.#api.access.url}/webhook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ numbers: Array.from({ length: count }, (_, number) => number) }),
    });
    const text = await response.text();
    const wall = performance.now() - begin;
    await sleep(AFTERWARDS_MS);
    const cpu = (await cpuMsOf(this.#pid)) - before;
    const answers = (await this.#answered()) - answered;
    if (!response.ok || answers !== count)
      throw new Error(`A workflow of the bench (${path}) had ${answers} of ${count} answers: ${text.slice(0, 500)}`);
    return { wall, cpu };
  }

  async #answered(): Promise<number> {
    this.#ollama.send('answered');
    return (await message(this.#ollama, 'the server of the n8n rows')) as number;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#ending ??= this.#stack.disposeAsync().finally(() => {
      for (const signal of ENDING) process.off(signal, this.#leave);
    });
    return this.#ending;
  }
}
