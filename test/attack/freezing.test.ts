import { fileURLToPath } from 'node:url';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { hello } from '../fixtures/mcp/connect.ts';
import { callTool, type HttpProcess, listTools, post, startHttp } from '../fixtures/mcp-http/http-process.ts';

const MB = 1024 * 1024;
const SIZE = 19 * MB;
/** CPU time. Each attack takes at most about 100 ms on an idle machine. Without the limits it took seconds. */
const LIMIT_MS = 250;
const png = `iVBORw0KGgoAAAANSUhEUgAA${'A'.repeat(SIZE)}`;
const many = (count: number, value: (index: number) => unknown) => Array.from({ length: count }, (_, i) => value(i));
const keys = (count: number, length: number) =>
  Object.fromEntries(many(count, (i) => [`${i}${'k'.repeat(length)}`, 1]) as [string, unknown][]);

/** Requests that could block the server for others, each about as large as a body may be. */
const attacks: readonly [string, object | string][] = [
  ['a long name of a tool', callTool('x'.repeat(SIZE), {})],
  ['a long name of a model', callTool('ollama_chat', { ...hello, model: 'x'.repeat(SIZE) })],
  ['a long text', callTool('ollama_generate', { model: 'chat-model', prompt: 'x'.repeat(SIZE) })],
  ['a long text of JSON', callTool('ollama_chat', { model: 'chat-model', messages: `[${'1,'.repeat(SIZE / 2)}1]` })],
  ['a large image', callTool('ollama_generate', { model: 'chat-model', prompt: 'x', images: [png] })],
  [
    'a large file that is not an image',
    callTool('ollama_generate', { model: 'chat-model', prompt: 'x', images: ['x'.repeat(SIZE)] }),
  ],
  ['a long key', callTool('ollama_chat', { ...hello, [`x${'k'.repeat(SIZE)}`]: 1 })],
  ['many long keys', callTool('ollama_chat', { ...hello, ...keys(2000, 9000) })],
  ['many short keys', callTool('ollama_chat', { ...hello, ...keys(50_000, 300) })],
  ['many options', callTool('ollama_chat', { ...hello, options: keys(50_000, 300) })],
  ['many wrong values', callTool('ollama_rank', { model: 'm', query: 'q', candidates: many(55_000, () => 1) })],
  [
    'many messages',
    callTool('ollama_chat', { model: 'chat-model', messages: many(15_000, () => ({ role: 'user', content: 'x' })) }),
  ],
  [
    'more values than a message may have',
    `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[${'1,'.repeat(SIZE / 2)}1]}}`,
  ],
  [
    'deep nesting',
    `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${'['.repeat(SIZE / 2)}${']'.repeat(SIZE / 2)}}}`,
  ],
  ['a long name of a prompt', { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: 'x'.repeat(SIZE) } }],
  [
    'a long address',
    { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: `ollama://models/${'x'.repeat(SIZE)}` } },
  ],
  ['a long method', { jsonrpc: '2.0', id: 1, method: 'x'.repeat(SIZE) }],
];

/** The longest time, in milliseconds, that the server's event loop was blocked since the last call. */
async function gapOf(server: HttpProcess): Promise<number> {
  const before = server.stderr().length;
  server.child.kill('SIGUSR2');
  for (;;) {
    const [, found] = /gap ([\d.]+) ms/.exec(server.stderr().slice(before)) ?? [];
    if (found !== undefined) return Number(found);
    await new Promise((resolve) => server.child.stderr?.once('data', resolve));
  }
}

test('no request blocks all others', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp({
    host: ollama.host,
    env: { NODE_OPTIONS: `--import ${fileURLToPath(new URL('../fixtures/mcp-http/loop-gap.mjs', import.meta.url))}` },
  });
  const send = async (message: object | string) => (await post(server.url, message)).text();
  for (let count = 0; count < 5; count++) await send(listTools);
  await gapOf(server);
  const gaps: Record<string, number> = {};
  for (const [name, message] of attacks) {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    await send(listTools);
    const idle = await gapOf(server);
    await send(text);
    gaps[name] = Math.round((await gapOf(server)) - idle);
  }
  expect(Object.entries(gaps).filter(([, gap]) => gap > LIMIT_MS)).toEqual([]);
});
