import { createOllama, type Transport } from '@ollama-toolbelt/core/neutral';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OllamaServers } from './ollama-servers.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => {});

/** A server with one model, or one that never answers, like a sleeping machine. Counts its requests. */
function server(name: string, model: string | undefined) {
  const asked = { count: 0 };
  const transport: Transport = async ({ url }) => {
    if (url.endsWith('/api/tags')) asked.count += 1;
    if (model === undefined) return never;
    const body = new TextEncoder().encode(JSON.stringify({ models: url.endsWith('/api/ps') ? [] : [{ name: model }] }));
    return {
      status: 200,
      headers: {},
      body: (async function* () {
        yield body;
      })(),
    };
  };
  // Timeouts fire at once, so a server that never answers fails at once.
  const sleep = async (_ms: number) => void (await new Promise((resolve) => setImmediate(resolve)));
  return { name, asked, ollama: createOllama({ transport, sleep, now: () => performance.now() }) };
}

const { signal } = new AbortController();
const patience = 20_000;

test('a server that does not answer is skipped for a while', async () => {
  const [down, up] = [server('down', undefined), server('up', 'm:latest')];
  const servers = new OllamaServers(down, up);
  const place = async () => (await servers.find('m', { signal })).server.name;
  expect([await place(), await place()]).toEqual(['up', 'up']);
  expect([down.asked.count, up.asked.count]).toEqual([1, 2]);
  vi.advanceTimersByTime(patience + 1);
  expect(await place()).toBe('up');
  expect(down.asked.count).toBe(2);
});

test('a skipped server is asked again if no other one has the model', async () => {
  const [down, up] = [server('down', undefined), server('up', 'm:latest')];
  const servers = new OllamaServers(down, up);
  for (const _ of [1, 2]) expect((await servers.find('other', { signal })).server.name).toBe('up');
  expect(down.asked.count).toBe(2);
  // Without a model, no server is asked.
  expect((await servers.find(undefined, { signal })).server.name).toBe('up');
  expect(down.asked.count).toBe(2);
});

test('a call that is cancelled during the search ends', async () => {
  const servers = new OllamaServers(server('a', 'm:latest'), server('b', 'm:latest'));
  await expect(servers.find('m', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
});

test.each([
  ['gpu/m', 'gpu', 'm'],
  ['gpu/a/m', 'gpu', 'a/m'],
  ['/m', undefined, '/m'],
  ['a/m', undefined, 'a/m'],
  ['gpu', undefined, 'gpu'],
])('%s is of %s: %s', (written, name, model) => {
  const servers = new OllamaServers(server('gpu', 'm'), server('laptop', 'm'));
  expect(servers.cut(written)).toMatchObject({ model });
  expect(servers.cut(written).server?.name).toBe(name);
});
