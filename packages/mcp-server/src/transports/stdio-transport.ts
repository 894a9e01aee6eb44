import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { type BadMessage, INVALID_REQUEST, PARSE_ERROR, readMessage } from '../server/incoming-message.ts';
import type { MemoryBudget } from '../tools/memory-budget.ts';
import { idFrom, type Line, MessageLines } from './message-lines.ts';

const MAX_BATCH = 100;
/** Smaller messages are not counted. */
const SMALL = 65_536;
/** A message is in memory as text, as a value, in the request to Ollama, and as bytes being sent. */
const COPIES = 4;
/** JSON-RPC leaves this range to servers. */
const OUT_OF_MEMORY = -32_000;

/**
 * JSON-RPC over stdin and stdout, one message a line. Every request whose id can be read gets a response or an error.
 * The SDK's own transport ignores messages that it cannot read, and ends after one that is too large.
 */
export class StdioTransport implements Transport {
  onmessage?: Transport['onmessage'];
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Called with the problem of a message that gets no response. */
  readonly #onProblem: (problem: string) => void;
  readonly #memory: MemoryBudget;
  /** Memory reserved by requests in progress. */
  readonly #taken = new Map<unknown, () => void>();
  readonly #lines = new MessageLines();
  readonly #read = (bytes: Buffer) => {
    for (const line of this.#lines.read(bytes)) this.#take(line);
  };

  constructor(memory: MemoryBudget, onProblem: (problem: string) => void) {
    this.#memory = memory;
    this.#onProblem = onProblem;
  }

  async start(): Promise<void> {
    process.stdin.on('data', this.#read);
    process.stdin.on('error', () => process.stdin.destroy());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message)) this.#release(message.id);
    this.#write(message);
  }

  async close(): Promise<void> {
    process.stdin.off('data', this.#read);
    process.stdin.pause();
    this.onclose?.();
  }

  #take(line: Line): void {
    if ('problem' in line) {
      this.#refuse({ id: idFrom(line) ?? null, code: INVALID_REQUEST, problem: line.problem });
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(line.text);
    } catch {
      const { text } = line;
      const id = idFrom({ head: text.slice(0, 4096), tail: text.slice(-4096) }) ?? null;
      this.#refuse({ id, code: PARSE_ERROR, problem: 'The message is not valid JSON.' });
      return;
    }
    // Revisions after 2025-03-26 have no batches. Each message in one gets a separate response.
    const messages = Array.isArray(value) ? value : [value];
    for (const one of messages.slice(0, MAX_BATCH)) this.#pass(one, line.text.length);
    for (const one of messages.slice(MAX_BATCH)) {
      const read = readMessage(one);
      const id = 'message' in read ? (read.message.id ?? null) : read.bad.id;
      this.#refuse({ id, code: INVALID_REQUEST, problem: `A batch may have ${MAX_BATCH} messages at most.` });
    }
  }

  #pass(value: unknown, length: number): void {
    const read = readMessage(value);
    if ('bad' in read) return void this.#refuse(read.bad);
    const { id, method } = read.message;
    if (method === 'notifications/cancelled')
      this.#release((read.message['params'] as { requestId?: unknown })?.requestId);
    if (method !== undefined && id !== undefined && length > SMALL && !this.#reserve(id, length * COPIES)) {
      return void this.#refuse({
        id,
        code: OUT_OF_MEMORY,
        problem: 'The server has no memory left for this request: try again later.',
      });
    }
    this.onmessage?.(read.message as JSONRPCMessage);
  }

  #reserve(id: unknown, bytes: number): boolean {
    const release = this.#memory.take(bytes);
    if (release !== undefined) this.#taken.set(id, release);
    return release !== undefined;
  }

  #release(id: unknown): void {
    this.#taken.get(id)?.();
    this.#taken.delete(id);
  }

  #refuse({ id, code, problem }: BadMessage): void {
    if (id === null) this.#onProblem(`A line on stdin is not a JSON-RPC message. ${problem}`);
    else this.#write({ jsonrpc: '2.0', id, error: { code, message: problem } });
  }

  #write(message: JSONRPCMessage): void {
    process.stdout.write(`${JSON.stringify(message)}\n`);
  }
}
