import { getEventListeners } from 'node:events';
import type { CallOptions, Ollama } from '@ollama-toolbelt/core/neutral';
import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { calls, chunksOf } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';

/** Node warns of a leak from the eleventh listener on. */
const MANY = 40;

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

/** Calls of several requests, and calls that use their own signals internally. */
const more: readonly { name: string; whole: (ollama: Ollama, call: CallOptions) => Promise<unknown> }[] = [
  { name: 'embed in batches', whole: (ollama, call) => ollama.embed(manyTexts, call) },
  {
    name: 'conversation.send',
    whole: (ollama, call) => ollama.conversation({ model: 'chat-model' }).send('Hello', call),
  },
  { name: 'blobs.upload', whole: (ollama, call) => ollama.blobs.upload(new Uint8Array(10), call) },
  {
    name: 'create with a Modelfile',
    whole: (ollama, call) => ollama.create({ model: 'new-model', modelfile: 'FROM chat-model' }, call),
  },
];
const manyTexts = { model: 'embedding-model', input: Array.from({ length: 70 }, (_, index) => `text ${index}`) };

describe.each(transports)('on $transport', ({ createOllama }) => {
  test.each([...calls, ...more])('$name: many calls add one listener to their shared signal', async (call) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const { signal } = new AbortController();
    const all = Promise.allSettled(Array.from({ length: MANY }, () => call.whole(ollama, { signal })));
    expect(listeners(signal)).toBeLessThanOrEqual(1);
    await all;
    expect(listeners(signal)).toBe(0);
  });

  test('streams, left or read to the end, leave no listener', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const { signal } = new AbortController();
    const streams = Array.from({ length: MANY }, () =>
      ollama.chatStream({ model: 'chat-model', messages: [{ role: 'user', content: 'Hello' }] }, { signal }),
    );
    await Promise.all(streams.map((stream) => stream.next()));
    expect(listeners(signal)).toBe(1);
    await Promise.all(streams.map((stream, index) => (index % 2 ? stream.return() : chunksOf(stream))));
    expect(listeners(signal)).toBe(0);
  });

  test('one abort ends them all', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    for (let count = 0; count < MANY; count++) server.on('GET /api/version', faults.stallBeforeHeaders());
    const controller = new AbortController();
    const failures = Array.from({ length: MANY }, () => failureOf(ollama.version({ signal: controller.signal })));
    controller.abort(new Error('enough'));
    for (const failure of failures) {
      expect(await failure).toMatchObject({ code: 'aborted', cause: controller.signal.reason });
    }
    expect(listeners(controller.signal)).toBe(0);
  });

  test('a value that is not a signal is rejected by name', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const signal = new AbortController() as unknown as AbortSignal;
    for (const call of [...calls, ...more]) {
      expect(await failureOf(call.whole(ollama, { signal }))).toMatchObject({ code: 'bad_request', option: 'signal' });
    }
    expect(server.requests).toEqual([]);
  });
});

test('a thousand sequential calls leave no listener on a long-lived signal', async () => {
  await using server = await startScripted();
  const [{ createOllama }] = transports;
  await using ollama = createOllama({ host: server.host });
  const { signal } = new AbortController();
  for (let count = 0; count < 1000; count++) await ollama.version({ signal });
  expect(listeners(signal)).toBe(0);
});
