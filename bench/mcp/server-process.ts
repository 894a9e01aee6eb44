import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

type Message = Record<string, unknown>;

/** An MCP server over stdio, spoken to without a client library, so only its own time is measured. */
export class ServerProcess implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #id = 0;

  /** `host` is the address of Ollama. */
  constructor(script: string, host: string) {
    this.child = spawn(process.execPath, [script], { env: { PATH: process.env['PATH'] ?? '', OLLAMA_HOST: host } });
    this.child.stderr.resume();
    this.child.stdin.on('error', () => {});
    createInterface(this.child.stdout).on('line', (line) => {
      const message = JSON.parse(line) as Message;
      this.#waiting.get(Number(message['id']))?.(message);
    });
  }

  send(message: object): void {
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** @returns the id, and the response when it comes */
  start(method: string, params: object = {}): { id: number; response: Promise<Message> } {
    this.#id += 1;
    const id = this.#id;
    const response = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.send({ id, method, params });
    return { id, response };
  }

  async listTools(): Promise<{ name: string; description: string; inputSchema: object }[]> {
    const clientInfo = { name: 'bench', version: '1' };
    await this.start('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }).response;
    this.send({ method: 'notifications/initialized' });
    const { result } = await this.start('tools/list').response;
    return (result as { tools: { name: string; description: string; inputSchema: object }[] }).tools;
  }

  /** CPU of all its threads so far; Linux only. */
  async cpuMs(): Promise<number> {
    const tasks = `/proc/${this.child.pid}/task`;
    const times = (await readdir(tasks)).map(async (task) => readFile(`${tasks}/${task}/schedstat`, 'utf8'));
    return (await Promise.all(times)).reduce((sum, line) => sum + Number(line.split(' ')[0]) / 1e6, 0);
  }

  /** Resident memory; Linux only. */
  async rssMb(): Promise<number> {
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  /** Whether it ends within the time given. */
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
