import { faults, type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { chat, model } from './parameters.ts';

let engine: Engine;
let server: ScriptedServer;

beforeAll(async () => {
  [engine, server] = await Promise.all([Engine.start(), startScripted()]);
});
afterEach(() => server.reset());
afterAll(async () => {
  await server.close();
  await engine[Symbol.asyncDispose]();
});

const run = (credential: { baseUrl: string; apiKey?: string }) => engine.run({ parameters: chat(), credential });

describe('the key', () => {
  test('goes as a bearer token', async () => {
    await run({ baseUrl: server.host, apiKey: ' secret ' });
    expect(server.lastRequest.headers.authorization).toBe('Bearer secret');
  });

  test.each([{}, { apiKey: '' }, { apiKey: ' ' }])('is no header at all where there is none: %j', async (key) => {
    await run({ baseUrl: server.host, ...key });
    expect(server.lastRequest.headers).not.toHaveProperty('authorization');
  });

  test('gives way to a name and password in the address', async () => {
    await run({ baseUrl: server.host.replace('//', '//me:pass@'), apiKey: 'secret' });
    expect(server.lastRequest.headers.authorization).toBe(`Basic ${btoa('me:pass')}`);
  });

  test('is in no error', async () => {
    server.chat(faults.unauthorized());
    const { error } = await run({ baseUrl: server.host.replace('//', '//me:pass@'), apiKey: 'secret' });
    expect(error!.message).toMatch(/^unauthorized/);
    expect(JSON.stringify(error)).not.toMatch(/secret|pass|bWU6cGFzcw/);
  });
});

/** Ways to write the address of the server, which all mean the same. */
const addresses = [
  (host: string) => host,
  (host: string) => `${host}/`,
  (host: string) => `${host}/api`,
  (host: string) => `${host}/api/`,
  (host: string) => `${host}/v1`,
  (host: string) => host.replace('http://', ''),
  (host: string) => ` ${host.replace('http', 'HTTP')} `,
];

describe.each(addresses.map((write) => ({ write, example: write('http://h:1') })))(
  'Base URL "$example"',
  ({ write }) => {
    test('reaches the server', async () => {
      const { status } = await run({ baseUrl: write(server.host) });
      expect(status).toBe('success');
      expect(server.lastRequest.path).toBe('/api/chat');
    });

    test('passes the credential test', async () => {
      const answer = await engine.testCredential({ baseUrl: write(server.host), apiKey: 'secret' });
      expect(answer).toHaveProperty('models');
      expect(server.lastRequest.path).toBe('/api/tags');
      expect(server.lastRequest.headers.authorization).toBe('Bearer secret');
    });
  },
);

describe('the credential test', () => {
  test('keeps a path before /api', async () => {
    server.on('GET /ollama/api/tags', faults.routeNotFound());
    await expect(engine.testCredential({ baseUrl: `${server.host}/ollama/` })).rejects.toMatchObject({
      httpCode: '404',
    });
    expect(server.lastRequest.path).toBe('/ollama/api/tags');
  });

  test('tells another service by what its answer lacks', async () => {
    const [rule] = engine.credential.test!.rules!;
    const { key, value } = rule!.properties as { key: string; value: unknown };
    server.on('GET /api/tags', faults.htmlOk());
    const answer = (await engine.testCredential({ baseUrl: server.host })) as Record<string, unknown>;
    expect(answer[key]).toBe(value);
    expect(((await engine.testCredential({ baseUrl: server.host })) as Record<string, unknown>)[key]).not.toBe(value);
  });

  test('fails where there is no server, and on a refused key', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    await expect(engine.testCredential({ baseUrl: gone.host })).rejects.toThrow(/refused the connection/);
    // n8n tries a second time after a 401.
    server.on('GET /api/tags', faults.unauthorized()).on('GET /api/tags', faults.unauthorized());
    await expect(engine.testCredential({ baseUrl: server.host })).rejects.toMatchObject({ httpCode: '401' });
    expect(server.pendingScripts).toBe(0);
  });
});

describe('the model list', () => {
  const search = (method: string, filter?: string) =>
    engine.searchList(method, { credential: { baseUrl: server.host } }, filter);
  const values = async (method: string, filter?: string) => (await search(method, filter)).map(({ value }) => value);

  test('offers the models that can do what the operation needs', async () => {
    expect(await values('searchTextModels')).toEqual(['chat-model:latest', 'thinking-model:latest']);
    expect(await values('searchEmbeddingModels')).toEqual(['embedding-model:latest']);
    expect(await values('searchModels')).toEqual([
      'chat-model:latest',
      'embedding-model:latest',
      'thinking-model:latest',
    ]);
  });

  test('says in the label what a model is', async () => {
    expect((await search('searchModels')).map(({ name }) => name)).toEqual([
      'chat-model:latest (3.2B llama, 2.0 GB, 8k context, tools)',
      'embedding-model:latest (137M bert, 270 MB, 2k context, embedding)',
      'thinking-model:latest (8.2B llama, 5.0 GB, 32k context, tools, thinking)',
    ]);
  });

  test('is searched by every word of the label', async () => {
    expect(await values('searchModels', 'LLAMA think')).toEqual(['thinking-model:latest']);
    expect(await values('searchModels', ' bert')).toEqual(['embedding-model:latest']);
    expect(await values('searchModels', 'nothing')).toEqual([]);
  });

  test('offers all models of an older server, which does not say what they can do', async () => {
    server.tags({ models: [{ name: 'old', model: 'old', size: 5, digest: 'd', modified_at: 'm' }] });
    expect(await search('searchEmbeddingModels')).toEqual([{ name: 'old (0 MB)', value: 'old' }]);
  });

  test('says what is wrong', async () => {
    server.tags(faults.htmlOk());
    await expect(search('searchModels')).rejects.toMatchObject({
      message: expect.stringMatching(/a web page/),
      description: expect.stringMatching(/Base URL in the credential/),
    });
    await using gone = await startScripted({ models: [scriptedModel({ name: 'x' })] });
    await gone.refuse();
    await expect(engine.searchList('searchModels', { credential: { baseUrl: gone.host } })).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });

  test('is what every operation with a model uses', () => {
    const locators = engine.node.description.properties.filter(({ name }) => name === 'model');
    const methods = locators.map(({ displayOptions, modes }) => [
      displayOptions!.show!['resource']![0],
      modes![0]!.typeOptions!.searchListMethod,
    ]);
    expect(Object.fromEntries(methods)).toEqual({
      chat: 'searchTextModels',
      generate: 'searchTextModels',
      embedding: 'searchEmbeddingModels',
      model: 'searchModels',
    });
  });

  test('and a model picked from it is sent', async () => {
    const picked = { __rl: true, mode: 'list', value: 'thinking-model:latest', cachedResultName: 'thinking-model' };
    await engine.run({ parameters: model('get', { model: picked }), credential: { baseUrl: server.host } });
    expect(server.lastRequest.body).toEqual({ model: 'thinking-model:latest' });
  });
});
