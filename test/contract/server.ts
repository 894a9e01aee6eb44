import { createOllama } from '@ollama-toolbelt/core/node';
import * as schemas from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { listedName } from './listed-name.ts';
import { answeredOrRefused, refused, valid } from './responses.ts';

/** Responses of servers without an account, without the network, or with the cloud turned off. */
const withoutCloud = [
  { status: 401, code: 'unauthorized', says: /unauthorized/, from: 'a server that nobody has signed in' },
  { status: 403, code: 'forbidden', says: /disabled/, from: 'a server whose cloud is turned off' },
  { status: 502, code: 'server_error', says: /dial tcp/, from: 'a server without the network' },
  { status: 503, code: 'server_error', says: /account unavailable/, from: 'a server without the network' },
] as const;

const once = { retry: false } as const;

/** What a server reports about itself. */
export function serverContract(test: ContractTest): void {
  test('version', async ({ ollama }) => {
    expect(valid(schemas.VersionResponse, await ollama.version()).version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('status', async ({ ollama }) => {
    expect(valid(schemas.StatusResponse, await ollama.status()).cloud?.disabled).toBeTypeOf('boolean');
  });

  test('list', async ({ ollama, chatModel, embedModel }) => {
    const { models } = valid(schemas.ListResponse, await ollama.list());
    expect(models.length).toBeGreaterThanOrEqual(2);
    const names = models.map(({ name }) => listedName(name));
    expect(names).toEqual(expect.arrayContaining([listedName(chatModel), listedName(embedModel)]));
    for (const { size, digest, modified_at } of models) {
      expect(size).toBeGreaterThan(0);
      expect(digest).toMatch(/^(sha256:)?[0-9a-f]{64}$/);
      expect(Date.parse(modified_at)).toBeGreaterThan(0);
    }
  });

  test('show', async ({ ollama, chatModel }) => {
    const shown = valid(schemas.ShowResponse, await ollama.show({ model: chatModel }));
    expect(shown.capabilities).toContain('completion');
    expect(shown.details.family).toBeTypeOf('string');
    expect(shown.modelfile).toContain('FROM');
    expect(shown.model_info?.['general.architecture']).toBeTypeOf('string');
  });

  test('show of an embedding model', async ({ ollama, embedModel }) => {
    expect(valid(schemas.ShowResponse, await ollama.show({ model: embedModel })).capabilities).toContain('embedding');
  });

  test('show by the older name, and by the name with its tag in upper case', async ({ ollama, chatModel }) => {
    const { model_info } = valid(schemas.ShowResponse, await ollama.show({ model: chatModel }));
    const byName = valid(schemas.ShowResponse, await ollama.show({ name: chatModel }));
    expect(byName.model_info).toEqual(model_info);
    const upper = valid(schemas.ShowResponse, await ollama.show({ model: listedName(chatModel).toUpperCase() }));
    expect(upper.model_info).toEqual(model_info);
  });

  test('show, verbose', async ({ ollama, chatModel }) => {
    const shown = valid(schemas.ShowResponse, await ollama.show({ model: chatModel, verbose: true }));
    expect(shown.tensors?.length).toBeGreaterThan(0);
    expect(shown.tensors?.[0]).toMatchObject({ name: expect.any(String), type: expect.any(String) });
  });

  test('ps', async ({ ollama }) => {
    for (const model of valid(schemas.PsResponse, await ollama.ps()).models) {
      expect(model.size).toBeGreaterThan(0);
      expect(Date.parse(model.expires_at)).toBeGreaterThan(0);
    }
  });

  test('recommendations', async ({ ollama }) => {
    const older = { status: 404, code: 'not_found', says: /404/, from: 'a server older than the route' } as const;
    await answeredOrRefused(schemas.RecommendationsResponse, ollama.recommendations(), older);
  });

  test('me, if there is an account', async ({ ollama }) => {
    await answeredOrRefused(schemas.MeResponse, ollama.me(once), ...withoutCloud);
  });

  test('web search, if there is an account', async ({ ollama }) => {
    const found = ollama.webSearch({ query: 'What is Ollama?', max_results: 2 }, once);
    const answer = await answeredOrRefused(schemas.WebSearchResponse, found, ...withoutCloud);
    if (answer) expect(answer.results.length).toBeGreaterThan(0);
  });

  test('web fetch, if there is an account', async ({ ollama }) => {
    const page = ollama.webFetch({ url: 'https://example.com/' }, once);
    await answeredOrRefused(schemas.WebFetchResponse, page, ...withoutCloud);
  });

  test('a path without an Ollama server', async ({ host }) => {
    await using elsewhere = createOllama({ host: `${host.replace(/\/$/, '')}/elsewhere`, proxy: false });
    await refused(elsewhere.version(), { status: 404, code: 'not_found', says: /404/ });
    await refused(elsewhere.chat({ model: 'x', messages: [] }), { status: 404, code: 'not_found', says: /404/ });
  });
}
