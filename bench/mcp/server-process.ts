import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cpuMsOf, rssMbOf } from './process-costs.ts';
import {
  type Client,
  type Era,
  handshake,
  type ListedTool,
  type Message,
  paramsOf,
  resultIn,
  type ToolResult,
} from './protocol.ts';

export interface ServerProcessOptions {
  /** @default 'legacy' */
  era?: Era;
  /** Node options before the script. */
  execArgv?: readonly string[];
  /** Arguments after it. */
  args?: readonly string[] | undefined;
}

interface Waiting {
  resolve: (message: Message) => void;
  reject: (error: Error) => void;
}

/** An MCP server over stdio. */
export class ServerProcess implements Client {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #era: Era;
  readonly #waiting = new Map<number, Waiting>();
  readonly #script: string;
  #lastWords = '';
  #hasEnded = false;
  #id = 0;

  /** @param host address of Ollama */
  constructor(script: string, host: string, { era = 'legacy', execArgv = [], args = [] }: ServerProcessOptions = {}) {
    this.#era = era;
    this.child = spawn(process.execPath, [...execArgv, script, ...args], {
      env: { PATH: process.env['PATH'] ?? '', OLLAMA_HOST: host },
    });
    this.#script = script;
    this.child.stderr.on('data', (data: Buffer) => {
      this.#lastWords = data.toString().slice(-500);
    });
    this.child.stdin.on('error', () => {});
    createInterface(this.child.stdout).on('line', (line) => {
      const message = JSON.parse(line) as Message;
      this.#waiting.get(Number(message['id']))?.resolve(message);
      this.#waiting.delete(Number(message['id']));
    });
    this.child.once('close', () => {
      this.#hasEnded = true;
      for (const { reject } of this.#waiting.values()) reject(this.#ended());
    });
  }

  send(message: object): void {
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** @returns the id, and a promise of the response */
  start(method: string, params: object = {}): { id: number; response: Promise<Message> } {
    this.#id += 1;
    const id = this.#id;
    const response = new Promise<Message>((resolve, reject) => {
      if (this.#hasEnded) reject(this.#ended());
      else this.#waiting.set(id, { resolve, reject });
    });
    // A row may leave without the response.
    response.catch(() => {});
    this.send({ id, method, params: paramsOf(this.#era, params) });
    return { id, response };
  }

  async listTools(): Promise<ListedTool[]> {
    if (this.#era === 'legacy') {
      await this.start('initialize', handshake).response;
      this.send({ method: 'notifications/initialized' });
    } else await this.start('server/discover').response;
    return resultIn<{ tools: ListedTool[] }>(await this.start('tools/list').response).tools;
  }

  async callTool(name: string, args: object): Promise<ToolResult> {
    return resultIn(await this.start('tools/call', { name, arguments: args }).response);
  }

  #ended(): Error {
    return new Error(`${this.#script} ended before it answered. ${this.#lastWords}`);
  }

  cpuMs(): Promise<number> {
    return cpuMsOf(this.child.pid);
  }

  rssMb(): Promise<number> {
    return rssMbOf(this.child.pid);
  }

  /** Whether it ends within this time. */
  async endsWithin(ms: number): Promise<boolean> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return true;
    return once(this.child, 'exit', { signal: AbortSignal.timeout(ms) }).then(
      () => true,
      () => false,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (await this.endsWithin(0)) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
