import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { folderWith } from '../fixtures/mcp/allowed-folder.ts';
import { call, connect, hello } from '../fixtures/mcp/connect.ts';
import { startRaw } from '../fixtures/mcp/raw-process.ts';
import { callTool, listTools, post, startHttp } from '../fixtures/mcp-http/http-process.ts';

const MB = 1024 * 1024;
const large = (bytes: number) =>
  callTool('ollama_chat', { ...hello, messages: [{ role: 'user', content: 'x'.repeat(bytes) }] });

test('bodies in progress use the memory budget, and above it a request is told to retry later', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp({ host: ollama.host, args: ['--memory-mb', '100'] });
  const stall = gate();
  ollama.chat(faults.stallBeforeHeaders(stall));
  // Once the response has headers, its call is running.
  const running = await Promise.all([post(server.url, large(10 * MB)), post(server.url, large(10 * MB))]);
  const refused = await post(server.url, large(10 * MB));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('no memory') } });
  expect((await post(server.url, listTools)).status).toBe(200);
  stall.release();
  for (const answer of running) await answer.text();
  expect(await (await post(server.url, large(10 * MB))).text()).toContain('"done_reason"');
});

test('more bodies than fit in the heap do not crash the process', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp({ host: ollama.host, env: { NODE_OPTIONS: '--max-old-space-size=300' } });
  const message = JSON.stringify(large(10 * MB));
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const response = await post(server.url, message);
      await response.text();
      return response.status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect((await post(server.url, listTools)).status).toBe(200);
});

test('over stdio such a request gives an error, and the next one succeeds', async () => {
  await using ollama = await startScripted();
  await using raw = await startRaw({ host: ollama.host, args: ['--memory-mb', '50'] });
  const stall = gate();
  ollama.chat(faults.stallBeforeHeaders(stall));
  const { params } = large(8 * MB);
  const running = raw.request('tools/call', params);
  await stall.reached;
  expect(await raw.request('tools/call', params)).toMatchObject({ error: { code: -32000 } });
  expect(await raw.request('ping')).toMatchObject({ result: {} });
  stall.release();
  await running;
  expect(await raw.request('tools/call', params)).toMatchObject({ result: { structuredContent: {} } });
});

test('files of a call use the memory budget', async () => {
  using folder = await folderWith({ 'large.txt': 'x'.repeat(3 * MB) });
  await using ollama = await startScripted();
  await using connection = await connect({
    host: ollama.host,
    args: ['--memory-mb', '20', '--allow-dir', folder.path],
  });
  const ask = (files: string[]) => call(connection, 'ollama_generate', { model: 'chat-model', prompt: 'x', files });
  for (let round = 0; round < 3; round++) {
    const { isError, text } = await ask(['large.txt', 'large.txt']);
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('--memory-mb') });
    expect((await ask(['large.txt'])).isError).toBe(false);
  }
});

test('kept conversations are dropped to make room, the least recently used first', async () => {
  await using ollama = await startScripted();
  await using connection = await connect({ host: ollama.host, args: ['--memory-mb', '40'] });
  const begin = async () => {
    const messages = [{ role: 'user', content: 'x'.repeat(2 * MB) }];
    const { structured } = await call(connection, 'ollama_chat', { ...hello, messages, conversation: 'new' });
    return String(structured?.['conversation']);
  };
  const ids: string[] = [];
  for (let count = 0; count < 12; count++) ids.push(await begin());
  const on = (conversation?: string) => call(connection, 'ollama_chat', { ...hello, conversation });
  expect((await on(ids[0])).text).toContain('There is no conversation');
  expect((await on(ids.at(-1))).isError).toBe(false);
});
