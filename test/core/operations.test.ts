import { scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { routes } from '../../packages/core/src/wire/routes.ts';
import { calls, chunksOf, streamingCalls } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';

/** Routes that other files test: blobs.test.ts, web-and-account.test.ts, embed-float32.test.ts. */
const elsewhere = ['embedBytes', 'hasBlob', 'uploadBlob', 'me', 'recommendations', 'webSearch', 'webFetch'];

test('every route has a call that all suites use', () => {
  const expected = Object.entries(routes)
    .filter(([name]) => !elsewhere.includes(name))
    .map(([, { method, path }]) => `${method} ${path}`);
  const made = new Set(calls.map(({ method, path }) => `${method} ${path}`));
  expect([...made].sort(), 'add a row to test/fixtures/core/calls.ts').toEqual(expected.sort());
});

describe.each(transports)('on $transport', ({ createOllama }) => {
  test.each(calls)('$name sends $method $path', async ({ method, path, body, whole }) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, apiKey: '' });
    const answer = await whole(ollama);
    const request = server.lastRequest;
    expect([request.method, request.url]).toEqual([method, path]);
    expect(request.raw.length > 0).toBe(body !== undefined);
    if (body !== undefined) {
      expect(request.body).toEqual(body);
      expect(request.headers['content-type']).toBe('application/json');
    }
    expect(request.headers.authorization).toBeUndefined();
    expect(answer).toBeTypeOf('object');
    expect(server.requests).toHaveLength(1);
    expect(await request.closed).toBe('complete');
  });

  test.each(streamingCalls)(
    '$name streams what the whole form adds up',
    async ({ method, path, body, stream, whole }) => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      const chunks = await chunksOf(stream(ollama));
      const request = server.lastRequest;
      expect([request.method, request.url, request.body]).toEqual([method, path, body]);
      expect(chunks.length).toBeGreaterThan(2);
      const answer = await whole(ollama);
      expect(Object.keys(answer)).toEqual(expect.arrayContaining(Object.keys(chunks.at(-1)!)));
      expect(answer).toMatchObject(
        path === '/api/generate' || path === '/api/chat' ? { done: true } : { status: 'success' },
      );
    },
  );

  test('each response is the server’s own', async () => {
    const model = scriptedModel({ name: 'chat-model', capabilities: ['completion', 'vision'] });
    await using server = await startScripted({
      models: [model, scriptedModel({ name: 'e', capabilities: ['embedding'] })],
    });
    await using ollama = createOllama({ host: server.host });
    expect(await ollama.version()).toEqual({ version: '0.33.0' });
    expect(await ollama.status()).toEqual({ cloud: { disabled: false, source: 'none' } });
    const { models } = await ollama.list();
    expect(models.map(({ name }) => name)).toEqual(['chat-model:latest', 'e:latest']);
    expect(models[0]).toMatchObject({ size: model.size, capabilities: ['completion', 'vision'] });
    expect(await ollama.ps()).toEqual({ models: [] });
    await ollama.generate({ model: 'chat-model' });
    expect((await ollama.ps()).models).toMatchObject([{ name: 'chat-model:latest', context_length: 8192 }]);
    expect(await ollama.show({ model: 'chat-model' })).toMatchObject({
      license: 'MIT',
      capabilities: ['completion', 'vision'],
    });
    const { embeddings } = await ollama.embed({ model: 'e', input: ['a', 'b'] });
    expect(embeddings.map((vector) => vector.length)).toEqual([8, 8]);
    expect((await ollama.embeddings({ model: 'e', prompt: 'a' })).embedding).toHaveLength(8);
    expect(await ollama.copy({ source: 'e', destination: 'f' })).toEqual({});
    expect(await ollama.delete({ model: 'e' })).toEqual({});
    expect((await ollama.list()).models.map(({ name }) => name)).toEqual(['chat-model:latest', 'f:latest']);
  });

  test('no messages, no prompt and no input only load the model', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    expect(await ollama.generate({ model: 'chat-model' })).toMatchObject({ response: '', done_reason: 'load' });
    expect(await ollama.chat({ model: 'chat-model', messages: [], keep_alive: 0 })).toMatchObject({
      done_reason: 'unload',
    });
    expect(await chunksOf(ollama.chatStream({ model: 'chat-model', messages: [] }))).toHaveLength(1);
    expect((await ollama.embed({ model: 'embedding-model', input: [] })).embeddings).toEqual([]);
  });

  test('pull, push and create without Stream report their progress', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const lines: string[] = [];
    const onProgress = (line: { status: string }) => void lines.push(line.status);
    server.pull(['pulling manifest', { status: 'pulling ab', total: 2, completed: 1 }, 'success']);
    expect(await ollama.pull({ model: 'm' }, { onProgress })).toEqual({ status: 'success' });
    server.push(['pushing manifest', 'success']);
    await ollama.push({ name: 'm', insecure: true }, { onProgress });
    expect(server.lastRequest.body).toEqual({ name: 'm', insecure: true, stream: true });
    server.create(['writing manifest', 'success']);
    await ollama.create({ model: 'm', from: 'chat-model' }, { onProgress });
    expect(lines.join()).toBe('pulling manifest,pulling ab,success,pushing manifest,success,writing manifest,success');
  });

  test('each line comes with the overall progress', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const reports: (number | undefined)[][] = [];
    const layer = (digest: string, completed: number) => ({ status: 'pulling', digest, total: 100, completed });
    server.pull(['pulling manifest', layer('a', 50), layer('b', 50), 'success']);
    await ollama.pull(
      { model: 'm' },
      { onProgress: (_, { completed, total, fraction }) => void reports.push([completed, total, fraction]) },
    );
    expect(reports).toEqual([
      [0, undefined, undefined],
      [50, 100, 0.5],
      [100, 200, 0.5],
      [200, 200, 1],
    ]);
  });

  test('an error in onProgress ends the call', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const onProgress = () => {
      throw new RangeError('enough');
    };
    await expect(ollama.pull({ model: 'm' }, { onProgress })).rejects.toMatchObject({
      code: 'hook_failed',
      cause: expect.any(RangeError),
    });
    await server.allClosed();
  });
});
