/** What the README says of the `ollama` package, seen: when one of these fails, that package has caught up. */
import { createOllama } from '@ollama-toolbelt/core/node';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { Ollama } from 'ollama';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

let server: Awaited<ReturnType<typeof startScripted>>;
let theirs: Ollama;
let ours: ReturnType<typeof createOllama>;
beforeEach(async () => {
  server = await startScripted();
  theirs = new Ollama({ host: server.host });
  ours = createOllama({ host: server.host });
});
afterEach(async () => {
  await ours.close();
  await server.close();
});

const request = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hello!' }] };

describe('an answer that was cut off', () => {
  beforeEach(() => server.chat(faults.cutWithoutDone()));

  test('there: an error, without the part that came', async () => {
    const ask = async () => {
      for await (const _ of await theirs.chat({ ...request, stream: true }));
    };
    const error = await ask().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(Object.keys(error as Error)).toEqual([]);
  });

  test('here: an error that has the part that came', async () => {
    await expect(ours.chat(request)).rejects.toMatchObject({
      code: 'truncated',
      partial: { message: { content: expect.stringMatching(/^Hel/) } },
    });
  });
});

describe('leaving a loop early', () => {
  test('there: the model keeps running', async () => {
    const stop = gate();
    server.chat({ text: ['Hel', stop, 'lo'] });
    for await (const _ of await theirs.chat({ ...request, stream: true })) break;
    await stop.reached;
    stop.release();
    expect(await server.lastRequest.closed).toBe('complete');
  });

  test('here: the connection is closed', async () => {
    const stop = gate();
    server.chat({ text: ['Hel', stop, 'lo'] });
    for await (const _ of ours.chatStream(request)) break;
    expect(await server.lastRequest.closed).toBe('aborted');
  });
});

test('there: a whole answer cannot be cancelled; here: by its signal', async () => {
  const stop = gate();
  server.chat({ text: ['Hel', stop, 'lo'] });
  const answer = theirs.chat(request);
  await stop.reached;
  theirs.abort();
  stop.release();
  expect((await answer).message.content).toBe('Hello');

  server.chat({ text: ['Hel', gate(), 'lo'] });
  const controller = new AbortController();
  const mine = ours.chat(request, { signal: controller.signal });
  controller.abort();
  await expect(mine).rejects.toMatchObject({ code: 'aborted' });
});

test('there: OLLAMA_HOST is not read; here: it is', async () => {
  vi.stubEnv('OLLAMA_HOST', server.host);
  try {
    await using mine = createOllama();
    expect((await mine.version()).version).toMatch(/^\d/);
    expect((new Ollama() as unknown as { config: { host: string } }).config.host).not.toBe(server.host);
  } finally {
    vi.unstubAllEnvs();
  }
});

describe('an error in the middle of an answer', () => {
  beforeEach(() => server.chat(faults.errorLine()));

  test('there: plain text', async () => {
    const ask = async () => {
      for await (const _ of await theirs.chat({ ...request, stream: true }));
    };
    const error = await ask().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('code');
  });

  test('here: a code, and the part that came', async () => {
    await expect(ours.chat(request)).rejects.toMatchObject({ code: 'stream_error' });
  });
});
