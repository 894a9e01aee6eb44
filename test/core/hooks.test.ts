import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { calls, chunksOf } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { watchRejections } from '../fixtures/core/rejections.ts';
import { secret } from '../fixtures/core/secrets.ts';

describe.each(transports)('on $transport', ({ createOllama }) => {
  async function watched(host: string) {
    const requests: object[] = [];
    const responses: { firstByteMs: number }[] = [];
    const ollama = createOllama({
      host: host.replace('://', `://user:${secret.key}@`),
      headers: { 'x-key': secret.key },
      retry: { minDelayMs: 1 },
      onRequest: (event) => void requests.push(event),
      onResponse: (event) => void responses.push(event),
    });
    return { ollama, requests, responses, [Symbol.asyncDispose]: () => ollama.close() };
  }

  test.each(calls)('$name is reported with method, path, status and time, and nothing else', async (call) => {
    await using server = await startScripted();
    await using it = await watched(server.host);
    await call.whole(it.ollama);
    if (call.stream) await chunksOf(call.stream(it.ollama));
    const { method, path } = call;
    const times = call.stream ? 2 : 1;
    expect(it.requests).toEqual(Array(times).fill({ method, path, attempt: 0 }));
    expect(it.responses).toEqual(
      Array(times).fill({ method, path, attempt: 0, status: 200, firstByteMs: expect.any(Number) }),
    );
    for (const { firstByteMs } of it.responses) expect(firstByteMs).toBeGreaterThan(0);
    expect(JSON.stringify([it.requests, it.responses])).not.toMatch(/secret/);
  });

  test('each attempt is reported, and a response only if there is one', async () => {
    await using server = await startScripted();
    await using it = await watched(server.host);
    server.on('*', faults.serverBusy());
    server.on('*', faults.resetBeforeHeaders());
    await it.ollama.version().catch(() => undefined);
    const seen = it.requests.map((event) => (event as { attempt: number }).attempt);
    expect(seen.slice(0, 2)).toEqual([0, 1]);
    expect(it.responses[0]).toMatchObject({ attempt: 0, status: 503 });
    expect(it.responses.filter((event) => (event as { attempt?: number }).attempt === 1)).toEqual([]);
  });

  const thrown = new Error('a bug in the hook');
  const throws = () => {
    throw thrown;
  };
  describe.each([
    ['throws', throws],
    ['returns a promise that rejects', async () => throws()],
  ])('a hook that %s', (_, hook) => {
    test.each(calls)('ends $name with an OllamaError', async (call) => {
      await using server = await startScripted();
      using rejections = watchRejections();
      for (const name of ['onRequest', 'onResponse']) {
        await using ollama = createOllama({ host: server.host, [name]: hook });
        for (const form of [call.whole, call.stream]) {
          if (!form) continue;
          const error = await failureOf(form(ollama));
          expect(error).toMatchObject({ code: 'hook_failed', cause: thrown, retryable: false, url: server.host });
          expect(error.message).toMatch(new RegExp(`^${name} threw an error \\(${call.method} ${call.path} at `));
        }
      }
      await server.allClosed();
      expect(await rejections.all()).toEqual([]);
    });
  });

  test('an error in onProgress ends the transfer with an OllamaError', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const bytes = new Uint8Array(10);
    for (const call of [
      (onProgress: () => void) => ollama.pull({ model: 'chat-model' }, { onProgress }),
      (onProgress: () => void) => ollama.push({ model: 'chat-model' }, { onProgress }),
      (onProgress: () => void) => ollama.create({ model: 'new-model', from: 'chat-model' }, { onProgress }),
      (onProgress: () => void) => ollama.create({ model: 'new-model', modelfile: 'FROM chat-model' }, { onProgress }),
      (onProgress: () => void) => ollama.blobs.upload(bytes, { onProgress }),
    ]) {
      expect(await failureOf(call(throws))).toMatchObject({ code: 'hook_failed', cause: thrown });
    }
    await server.allClosed();
  });

  test.each(['pull', 'push', 'create'] as const)(
    'a promise of onProgress that rejects ends a silent %s',
    async (name) => {
      using rejections = watchRejections();
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      server.on(`POST /api/${name}`, faults.stallMidStream());
      const onProgress = async () => {
        throw thrown;
      };
      const error = await failureOf(ollama[name]({ model: 'chat-model', from: 'chat-model' } as never, { onProgress }));
      expect(error).toMatchObject({ code: 'hook_failed', cause: thrown });
      await server.allClosed();
      expect(await rejections.all()).toEqual([]);
    },
  );

  test('a hook that fails after the call does not affect it', async () => {
    await using server = await startScripted();
    using rejections = watchRejections();
    let fail = () => {};
    const late = new Promise<void>((_, reject) => {
      fail = () => reject(thrown);
    });
    await using ollama = createOllama({ host: server.host, onResponse: () => late });
    expect(await ollama.version()).toHaveProperty('version');
    fail();
    expect(await rejections.all()).toEqual([]);
  });
});
