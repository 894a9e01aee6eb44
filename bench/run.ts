/** Measures the core beside ollama-js and beside bare undici, in turns in one run: read the ratios, not the times. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createOllama, diskEmbeddingStore } from '@ollama-toolbelt/core/node';
import { Ollama } from 'ollama';
import { Agent, request } from 'undici';
import { type Contestant, compare } from './compare.ts';

const server = spawn(process.execPath, [fileURLToPath(new URL('./server.ts', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [port] = (await once(createInterface(server.stdout), 'line')) as [string];
const host = `http://127.0.0.1:${port}`;

const core = createOllama({ host });
const js = new Ollama({ host });
const agent = new Agent();
const messages = [{ role: 'user' as const, content: 'x' }];

const bare = async (path: string, body?: object): Promise<AsyncIterable<Uint8Array>> => {
  const options = body ? { method: 'POST' as const, body: JSON.stringify(body) } : {};
  return (await request(host + path, { ...options, dispatcher: agent })).body;
};
async function bareLines(path: string): Promise<number> {
  const decoder = new TextDecoder();
  let rest = '';
  let count = 0;
  for await (const bytes of await bare(path, { model: 'm', messages })) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) count += JSON.parse(line).message.content.length;
  }
  return count;
}
async function bareText(path: string): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const bytes of await bare(path, { model: 'm', input: 'x' })) chunks.push(bytes);
  return JSON.parse(Buffer.concat(chunks).toString());
}
const times = (count: number, run: () => Promise<unknown>) => async () => {
  for (let i = 0; i < count; i += 1) await run();
};
const atOnce = (count: number, lanes: number, run: () => Promise<unknown>) => async () => {
  await Promise.all(Array.from({ length: lanes }, times(count / lanes, run)));
};

const folder = mkdtempSync(join(tmpdir(), 'toolbelt-bench-'));
const texts = Array.from({ length: 10_000 }, (_, index) => `Text number ${index}, a sentence of some words.`);
let files = 0;
/** A client of its own each time, as in a new process. */
async function embedAll(file: number): Promise<void> {
  const store = diskEmbeddingStore({ path: join(folder, `${file}.sqlite`), maxBytes: 1_000_000_000 });
  await using ollama = createOllama({ host, embedCache: store });
  await ollama.embed({ model: 'm', input: texts });
  store.close();
}

const rounds: Record<string, Contestant[]> = {
  '2,000 small calls, one by one': [
    { name: 'core', run: times(2_000, () => core.version()) },
    { name: 'ollama-js', run: times(2_000, () => js.version()) },
  ],
  '3,200 small calls, 32 at once': [
    { name: 'core', run: atOnce(3_200, 32, () => core.version()) },
    { name: 'ollama-js', run: atOnce(3_200, 32, () => js.version()) },
  ],
  '10,000 streamed tokens': [
    {
      name: 'core',
      run: times(5, async () => {
        for await (const chunk of core.chatStream({ model: 'm', messages })) chunk.message.content.length;
      }),
    },
    { name: 'bare undici', run: times(5, () => bareLines('/api/chat')) },
    {
      name: 'ollama-js',
      run: times(5, async () => {
        for await (const chunk of await js.chat({ model: 'm', messages, stream: true })) chunk.message.content.length;
      }),
    },
  ],
  'a line of 32 MiB': [
    { name: 'core', run: () => core.generate({ model: 'm', prompt: 'x' }) },
    { name: 'bare undici', run: () => bareText('/api/generate') },
  ],
  '512 x 1,024 numbers': [
    { name: 'core', run: () => core.embeddings({ model: 'm', prompt: 'x' }) },
    { name: 'bare undici', run: () => bareText('/api/embeddings') },
  ],
};

try {
  for (const [title, contestants] of Object.entries(rounds)) await compare(title, contestants);
  await compare(
    '10,000 texts embedded, with a store on disk',
    [
      { name: 'first time', run: () => embedAll(++files) },
      { name: 'second time', run: () => embedAll(files) },
    ],
    // One takes ten seconds.
    { counted: 3, warmUp: 1 },
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
  await core.close();
  await agent.close();
  server.stdin.end();
}
