import { createOllama, type Ollama } from '@ollama-toolbelt/core/neutral';
import { createOllama as createOnNode } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { CallLimits } from '../../packages/core/src/http/call-limits.ts';
import { watchRejections } from '../fixtures/core/rejections.ts';

const done = new TextEncoder().encode('{"model":"a","done":true,"response":"x"}');

/** A client whose server accepts any model. */
const willing = (options: object): Ollama =>
  createOllama({
    ...options,
    sleep: () => new Promise(() => {}),
    now: () => 0,
    transport: async () => ({
      status: 200,
      headers: {},
      body: (async function* () {
        yield done;
      })(),
    }),
  });

/** Bytes in use after garbage collection. The flag is set if the tests run in their own processes. */
async function heapBytes(): Promise<number> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  return process.memoryUsage().heapUsed;
}

test('memory does not grow with the number of model names', async () => {
  const ollama = willing({ concurrency: 2 });
  const call = async (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      // Names of 900 characters: keeping ten thousand of them would take at least 9 MB.
      const model = `${'x'.repeat(890)}${index}`;
      await ollama.generate({ model, prompt: 'x', options: { num_ctx: index } });
    }
  };
  await call(0, 1000);
  const before = await heapBytes();
  await call(1000, 11_000);
  expect((await heapBytes()) - before).toBeLessThan(3_000_000);
});

test('the queue of a model is kept while it has calls, however many other models there are', async () => {
  const limits = new CallLimits({ concurrency: 1 }, { sleep: () => new Promise(() => {}), now: () => 0 });
  const { signal } = new AbortController();
  const first = await limits.enter('kept', signal);
  let entered = false;
  const second = Promise.resolve(limits.enter('kept', signal)).then((slot) => {
    entered = true;
    return slot;
  });
  for (let index = 0; index < 2000; index++) (await limits.enter(`other-${index}`, signal)).leave();
  expect(entered).toBe(false);
  const third = new AbortController();
  const given = limits.enter('kept', third.signal);
  third.abort('enough');
  await expect(given).rejects.toBe('enough');
  first.leave();
  (await second).leave();
  expect(entered).toBe(true);
});

test('a change of num_ctx is reported for a recently used model, but not for one used long ago', async () => {
  let loadNanoseconds = 0;
  const ollama = createOllama({
    sleep: () => new Promise(() => {}),
    now: () => 0,
    transport: async () => ({
      status: 200,
      headers: {},
      body: (async function* () {
        yield new TextEncoder().encode(`{"model":"a","done":true,"response":"","load_duration":${loadNanoseconds}}`);
      })(),
    }),
  });
  const call = async (model: string, num_ctx: number) => {
    const { notices } = await ollama.generate({ model, options: { num_ctx } });
    return notices.map(({ code }) => code);
  };
  loadNanoseconds = 1e9;
  await call('old', 1);
  await call('new', 1);
  for (let index = 0; index < 200; index++) await call(`other-${index}`, 1);
  expect(await call('new', 2)).toEqual(['model_reloaded']);
  for (let index = 200; index < 400; index++) await call(`other-${index}`, 1);
  expect(await call('old', 2)).toEqual([]);
  expect(await call('new', 1)).toEqual(['model_reloaded']);
});

test('connect deadlines of many values keep few connections, and every call succeeds', async () => {
  await using server = await startScripted();
  await using ollama = createOnNode({ host: server.host });
  using rejections = watchRejections();
  const calls = Array.from({ length: 60 }, (_, index) => ollama.version({ timeouts: { connectMs: 100_000 + index } }));
  expect((await Promise.all(calls)).length).toBe(60);
  for (let index = 0; index < 40; index++) await ollama.version({ timeouts: { connectMs: 200_000 + index } });
  await expect.poll(() => server.sockets.size).toBeLessThanOrEqual(8);
  expect(await rejections.all()).toEqual([]);
});

test('of two hundred thousand unknown options, only the first few are reported', async () => {
  const options = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`option${index}`, 1]));
  const { notices } = await willing({}).generate({ model: 'a', options });
  expect(notices).toHaveLength(20);
  expect(notices[0]).toMatchObject({ code: 'option_ignored', option: 'option0' });
});
