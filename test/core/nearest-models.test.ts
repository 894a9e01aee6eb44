import { getEventListeners } from 'node:events';
import { faults, gate, raw, replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { holdTime } from '../fixtures/core/held-time.ts';

const models = ['llama3.2:1b', 'qwen3:0.6b', 'pocket:latest'].map((name) => ({ name, model: name }));
const paths = (server: { requests: readonly { path: string }[] }) => server.requests.map(({ path }) => path);

describe.each(transports)('on $transport', ({ createOllama }) => {
  test('a misspelled name gets the most similar installed ones', async () => {
    await using server = await startScripted();
    server.always.on('GET /api/tags', replyJson({ models }));
    const events: string[] = [];
    await using ollama = createOllama({ host: server.host, onRequest: ({ path }) => events.push(path) });
    for (const call of [
      () => ollama.chat({ model: 'poket', messages: [] }),
      () => ollama.generateStream({ model: 'poket' }),
      () => ollama.show({ model: 'poket' }),
      () => ollama.embed({ model: 'poket', input: ['a', 'b'] }),
      () => ollama.load({ model: 'poket' }),
    ]) {
      server.requests.length = 0;
      const error = await failureOf(call());
      expect(error).toMatchObject({ code: 'model_not_found', model: 'poket', nearestModels: ['pocket:latest'] });
      expect(error.hint).toBe(
        'Did you mean pocket:latest? Pull it first: ollama pull poket. Installed models: ollama list.',
      );
      expect(paths(server).filter((path) => path === '/api/tags')).toHaveLength(1);
    }
    expect(events).not.toContain('/api/tags');
  });

  test.each([
    ['a failed list', faults.serverError()],
    ['an invalid list', replyJson({ models: [null, { name: 5 }, 'x'] })],
    ['a web page', raw({ headers: { 'Content-Type': 'text/html' }, body: ['<title>No</title>'] })],
    ['no similar name', replyJson({ models: [{ name: 'zzzz' }] })],
  ])('%s changes nothing', async (_, tags) => {
    await using server = await startScripted();
    server.on('GET /api/tags', tags);
    await using ollama = createOllama({ host: server.host });
    const error = await failureOf(ollama.show({ model: 'poket' }));
    expect(error).toMatchObject({ code: 'model_not_found', status: 404 });
    expect(error.nearestModels).toBeUndefined();
    expect(error.hint).toMatch(/^Pull it first/);
  });

  test('a model of the registry causes no further request', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    server.on('POST /api/pull', faults.modelNotFound('poket'));
    server.on('POST /api/create', faults.modelNotFound('poket'));
    await failureOf(ollama.pull({ model: 'poket' }));
    await failureOf(ollama.create({ model: 'x', from: 'poket' }));
    expect(paths(server)).toEqual(['/api/pull', '/api/create']);
  });

  test('a model list that does not arrive delays the error no longer than the call’s deadline', async () => {
    await using server = await startScripted();
    const stall = gate();
    server.on('GET /api/tags', faults.stallBeforeHeaders(stall));
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    const pass = holdTime();
    const slow = failureOf(ollama.show({ model: 'poket' }, { timeouts: { totalMs: 150 } }));
    await stall.reached;
    pass(150);
    expect(await slow).toMatchObject({ code: 'model_not_found' });
  });

  test('cancelling ends the request, and leaves nothing behind', async () => {
    await using server = await startScripted();
    const controller = new AbortController();
    server.on('GET /api/tags', faults.stallBeforeHeaders());
    await using ollama = createOllama({ host: server.host });
    const call = failureOf(ollama.show({ model: 'poket' }, { signal: controller.signal }));
    await expect.poll(() => paths(server)).toContain('/api/tags');
    controller.abort();
    expect(['model_not_found', 'aborted']).toContain((await call).code);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    await server.allClosed();
  });
});
