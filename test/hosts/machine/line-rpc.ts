import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

type Message = Record<string, unknown>;
type Params = Record<string, unknown>;

export interface RpcOptions {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  /** Answers requests from the other side. */
  onRequest?: (method: string, params: Params) => unknown;
}

/** Drives a program over stdio with JSON-RPC, one message a line, like editors drive agents. */
export class LineRpc implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  /** Its notifications so far. */
  readonly notifications: { method: string; params: Params }[] = [];
  readonly #waiting = new Map<unknown, (message: Message) => void>();
  readonly #watching = new Set<() => void>();
  /** All messages. */
  readonly messages: Message[] = [];
  /** Resolves when the program has ended, or could not be started. */
  readonly #ended: Promise<void>;
  #id = 0;
  #output = '';

  constructor({ command, args, cwd, env, onRequest = () => ({}) }: RpcOptions) {
    this.child = spawn(command, [...args], { cwd, env, detached: true });
    this.#ended = once(this.child, 'exit').then(
      () => {},
      (error: unknown) => this.#keep(String(error)),
    );
    this.child.stdin.on('error', () => {});
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    createInterface(this.child.stdout).on('line', (line) => {
      const message = parse(line);
      if (message === undefined) return this.#keep(`${line}\n`);
      this.messages.push(message);
      const { id, method } = message;
      if (typeof method === 'string') {
        const params = (message['params'] ?? {}) as Params;
        if (id === undefined) this.notifications.push({ method, params });
        else this.send({ jsonrpc: '2.0', id, result: onRequest(method, params) });
      } else this.#waiting.get(id)?.(message);
      for (const look of this.#watching) look();
    });
  }

  /** Its other output. */
  get log(): string {
    return this.#output;
  }

  send(message: Message): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  notify(method: string, params: Params = {}): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  /** Sends a request and returns its result. */
  async request(method: string, params: Params = {}): Promise<Message> {
    this.#id += 1;
    const id = this.#id;
    const ended = this.#ended.then((): Message => ({ error: 'it ended' }));
    const answered = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    this.send({ jsonrpc: '2.0', id, method, params });
    const { error, result } = await Promise.race([answered, ended]);
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}\n${this.#output}`);
    return (result ?? {}) as Message;
  }

  /** Waits for a notification that matches. */
  until(wanted: (method: string, params: Params) => boolean): Promise<void> {
    return this.untilSaid(() => this.notifications.some(({ method, params }) => wanted(method, params)));
  }

  /** Waits until the messages so far match. Fails if the program ends before. */
  async untilSaid(wanted: (messages: readonly Message[]) => boolean): Promise<void> {
    let look = () => {};
    const responded = new Promise<'responded'>((resolve) => {
      look = () => {
        if (wanted(this.messages)) resolve('responded');
      };
      this.#watching.add(look);
      look();
    });
    const how = await Promise.race([responded, this.#ended]);
    this.#watching.delete(look);
    if (how !== 'responded') throw new Error(`It ended: ${this.#output}`);
  }

  /** Ends it like a closed terminal: closes its stdin, then sends SIGTERM to it and everything it started. */
  async end(): Promise<void> {
    this.child.stdin.end();
    const ended = this.#ended;
    const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'];
    for (const signal of signals) {
      const timer = new AbortController();
      const late = sleep(2000, 'late', { signal: timer.signal }).catch(() => 'late');
      const how = await Promise.race([ended, late]);
      timer.abort();
      if (how !== 'late') return;
      this.#signalAll(signal);
    }
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await this.#ended;
  }

  #signalAll(signal: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
    } catch {
      // No process is left in the group.
    }
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-20_000);
  }
}

function parse(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}
