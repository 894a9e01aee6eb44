import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cli } from './connect.ts';

type Message = Record<string, unknown>;

/** The server process and every byte it wrote, for what a client library would hide. Ends with the scope. */
export interface RawProcess extends AsyncDisposable {
  child: ChildProcessWithoutNullStreams;
  /** Everything on stdout. */
  stdout(): string;
  stderr(): string;
  /** Every message so far. */
  messages: Message[];
  /** Sends a request and gives its response. */
  request(method: string, params?: object): Promise<Message>;
  write(text: string): void;
}

/** Starts the server and shakes hands. */
export async function startRaw(options: {
  host?: string;
  args?: readonly string[];
  node?: string;
}): Promise<RawProcess> {
  const child = spawn(options.node ?? process.execPath, [cli, ...(options.args ?? [])], {
    env: options.host === undefined ? {} : { OLLAMA_HOST: options.host },
  });
  let out = '';
  let rest = '';
  let err = '';
  let id = 0;
  const messages: Message[] = [];
  const waiting = new Map<unknown, (message: Message) => void>();
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    rest += data.toString();
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Message;
      messages.push(message);
      waiting.get(message['id'])?.(message);
    }
  });
  const write = (text: string) => void child.stdin.write(text);
  const raw: RawProcess = {
    child,
    stdout: () => out,
    stderr: () => err,
    messages,
    write,
    request(method, params = {}) {
      id += 1;
      const answered = new Promise<Message>((resolve) => waiting.set(id, resolve));
      write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      return answered;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
  await raw.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  });
  write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return raw;
}
