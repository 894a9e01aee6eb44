import { createOllama } from '@ollama-toolbelt/core/neutral';
import { createOllama as createOnNode } from '@ollama-toolbelt/core/node';
import * as schemas from '@ollama-toolbelt/core/schemas';
import { faults, replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { secret } from '../fixtures/core/secrets.ts';

const search = { query: 'What is Ollama?', max_results: 3 };
const page = { url: 'https://example.com/' };

/** Where the two calls are sent, and with which key. */
async function routesAt(host: string): Promise<string[]> {
  const routes: string[] = [];
  const ollama = createOllama({
    host,
    apiKey: secret.key,
    transport: async ({ method, url, headers, body }) => {
      routes.push(`${method} ${url.toLowerCase()} ${headers['authorization']} ${body as string}`);
      return { status: 200, headers: {}, body: new Blob(['{"results":[],"content":""}']).stream() };
    },
    sleep: () => new Promise(() => {}),
    now: () => 0,
  });
  await ollama.webSearch(search);
  await ollama.webFetch(page);
  return routes;
}

describe('web search and fetch', () => {
  const key = `Bearer ${secret.key}`;

  test.each(['https://ollama.com', 'https://OLLAMA.com/', 'https://ollama.com/api'])(
    '%s itself is asked',
    async (host) => {
      expect(await routesAt(host)).toEqual([
        `POST https://ollama.com:443/api/web_search ${key} ${JSON.stringify(search)}`,
        `POST https://ollama.com:443/api/web_fetch ${key} ${JSON.stringify(page)}`,
      ]);
    },
  );

  test.each([
    'http://127.0.0.1:11434',
    'https://proxy.example:443/ollama.com',
    'https://ollama.com.example:443',
    'https://notollama.com:443',
  ])('a server at %s asks for us', async (host) => {
    expect(await routesAt(host)).toEqual([
      `POST ${host}/api/experimental/web_search ${key} ${JSON.stringify(search)}`,
      `POST ${host}/api/experimental/web_fetch ${key} ${JSON.stringify(page)}`,
    ]);
  });

  test('return what the server found', async () => {
    await using server = await startScripted();
    await using ollama = createOnNode({ host: server.host });
    const found = schemas.WebSearchResponse.parse(await ollama.webSearch(search));
    expect(found.results).toEqual([{ title: 'Example', url: 'https://example.com/', content: 'An example page.' }]);
    const read = schemas.WebFetchResponse.parse(await ollama.webFetch(page));
    expect(read).toEqual({ title: 'Example', content: 'An example page.', links: ['https://example.com/more'] });
  });

  test('say where to sign in', async () => {
    await using server = await startScripted();
    await using ollama = createOnNode({ host: server.host });
    server.webSearch(faults.unauthorized());
    const error = await failureOf(ollama.webSearch({ query: secret.prompt }));
    expect(error).toMatchObject({
      code: 'unauthorized',
      signinUrl: expect.stringContaining('https://ollama.com/connect'),
    });
    expect(error.hint).toContain('ollama signin');
  });
});

test('the account, the recommended models, the state of the cloud and the version', async () => {
  await using server = await startScripted();
  await using ollama = createOnNode({ host: server.host });
  expect(schemas.MeResponse.parse(await ollama.me())).toMatchObject({ name: 'user', email: 'user@example.com' });
  expect(server.lastRequest).toMatchObject({ method: 'POST', path: '/api/me', body: {} });
  const { recommendations } = schemas.RecommendationsResponse.parse(await ollama.recommendations());
  expect(recommendations).toEqual([{ model: 'chat-model', description: 'A model to start with.' }]);
  expect(server.lastRequest).toMatchObject({ method: 'GET', path: '/api/experimental/model-recommendations' });
  server.on('GET /api/status', replyJson({ cloud: { disabled: true, source: 'env' }, more: 1 }));
  expect(schemas.StatusResponse.parse(await ollama.status())).toEqual({
    cloud: { disabled: true, source: 'env' },
    more: 1,
  });
  expect(schemas.VersionResponse.parse(await ollama.version())).toEqual({ version: '0.33.0' });
});

test('a server that is too old for a route is reported as such', async () => {
  await using server = await startScripted();
  await using ollama = createOnNode({ host: server.host });
  for (const call of [() => ollama.status(), () => ollama.recommendations(), () => ollama.webSearch(search)]) {
    server.on('*', faults.routeNotFound());
    expect(await failureOf(call())).toMatchObject({ code: 'not_found', hint: expect.stringContaining('version') });
  }
});
