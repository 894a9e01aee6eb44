import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createOllama, type Ollama } from '@ollama-toolbelt/core/node';
import { Pool } from 'undici';
import type { Bench } from '../row.ts';

export const messages = [{ role: 'user' as const, content: 'x' }];

/** The parts of ollama-js that are used here. */
interface OllamaJs {
  version(): Promise<unknown>;
  embed(request: object): Promise<{ embeddings: number[][] }>;
  chat(request: object): Promise<AsyncIterable<{ message: { content: string; tool_calls?: object[] } }>>;
}

export const core = ({ host }: Bench): Ollama => createOllama({ host });

/** Loaded from the folder of the peers. */
export function ollamaJs({ host, peers }: Bench): OllamaJs {
  const { Ollama } = createRequire(join(peers, 'package.json'))('ollama') as {
    Ollama: new (options: object) => OllamaJs;
  };
  return new Ollama({ host });
}

/** The baseline: a hand-written program that does only what is necessary. */
export class Bare {
  readonly #pool: Pool;

  constructor({ host }: Bench) {
    this.#pool = new Pool(host);
  }

  async get(path: string): Promise<unknown> {
    const { body } = await this.#pool.request({ path, method: 'GET' });
    return body.json();
  }

  async post(path: string, request: object): Promise<AsyncIterable<Uint8Array> & { text(): Promise<string> }> {
    const headers = { 'content-type': 'application/json' };
    const { body } = await this.#pool.request({ path, method: 'POST', headers, body: JSON.stringify(request) });
    return body;
  }

  /** Returns the number of characters of an answer. */
  async chat(model: string): Promise<number> {
    const decoder = new TextDecoder();
    let rest = '';
    let count = 0;
    for await (const bytes of await this.post('/api/chat', { model, messages, stream: true })) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) count += JSON.parse(line).message.content.length;
    }
    return count;
  }
}

export async function coreChat(ollama: Ollama, model: string, options: object = {}): Promise<number> {
  let count = 0;
  for await (const chunk of ollama.chatStream({ model, messages }, options)) count += chunk.message.content.length;
  return count;
}

export async function jsChat(js: OllamaJs, model: string): Promise<number> {
  let count = 0;
  for await (const chunk of await js.chat({ model, messages, stream: true })) count += chunk.message.content.length;
  return count;
}

/** Runs several lanes at once. Each does its part of the work in sequence. */
export async function inLanes(lanes: number, count: number, run: () => Promise<unknown>): Promise<undefined> {
  const lane = async () => {
    for (let index = 0; index < count / lanes; index += 1) await run();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return undefined;
}
