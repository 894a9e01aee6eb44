import { faults, replyJson, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { model } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

describe('the model list', () => {
  const search = (method: string, filter?: string) =>
    engine.searchList(method, { credential: { baseUrl: server.host } }, filter);
  const values = async (method: string, filter?: string) => (await search(method, filter)).map(({ value }) => value);

  test('offers the models that have the required capability', async () => {
    expect(await values('searchTextModels')).toEqual(['chat-model:latest', 'thinking-model:latest']);
    expect(await values('searchEmbeddingModels')).toEqual(['embedding-model:latest']);
    expect(await values('searchModels')).toEqual([
      'chat-model:latest',
      'embedding-model:latest',
      'thinking-model:latest',
    ]);
  });

  test('describes each model in its label', async () => {
    expect((await search('searchModels')).map(({ name }) => name)).toEqual([
      'chat-model:latest (tools, 2.0 GB)',
      'embedding-model:latest (embedding, 270 MB)',
      'thinking-model:latest (tools, thinking, 5.0 GB)',
    ]);
    expect((await search('searchModels')).map((item) => (item as { description?: string }).description)).toEqual([
      '3.2B, llama, Q4_K_M, 8k context',
      expect.stringMatching(/^137M, bert, \w+, 2k context$/),
      expect.stringMatching(/^8\.2B, llama, \w+, 32k context$/),
    ]);
  });

  test('keeps labels of long names short, and marks cloud models', async () => {
    const facts = { model: 'm', digest: 'd', modified_at: 'm' };
    const long = 'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M';
    const cloud = 'qwen3-vl:235b-cloud';
    const models = [
      { ...facts, name: long, size: 2e9, capabilities: ['completion', 'tools'] },
      {
        ...facts,
        name: cloud,
        size: 384,
        remote_host: 'https://ollama.com:443',
        capabilities: ['vision', 'completion', 'tools'],
      },
    ];
    server.tags({ models });
    expect(await search('searchModels')).toMatchObject([
      { name: 'hf.co/…/Llama-3.2-3B-Instruct-GGUF:Q4_K_M (tools, 2.0 GB)', value: long },
      { name: 'qwen3-vl:235b-cloud (vision, tools, cloud)', value: cloud },
    ]);
    server.tags({ models });
    expect(await values('searchModels', 'bartowski')).toEqual([long]);
    const mirror = 'registry.test/hf.co/someone/m';
    server.tags({ models: [{ ...facts, name: mirror, size: 1e9 }] });
    expect(await search('searchModels')).toMatchObject([{ name: `${mirror} (1.0 GB)` }]);
  });

  test.each([
    ['searchModels', [], 'no model', 'llama3.2'],
    ['searchTextModels', [], 'no model', 'llama3.2'],
    ['searchTextModels', ['embedding'], 'no chat model', 'llama3.2'],
    ['searchEmbeddingModels', ['completion'], 'no embedding model', 'nomic-embed-text'],
  ])('%s says how to get a model if there are only models for %j', async (method, others, none, example) => {
    const only = { name: 'c', model: 'c', size: 5, digest: 'd', modified_at: 'm' };
    server.tags({ models: others.map((capability) => ({ ...only, capabilities: [capability] })) });
    await expect(search(method)).rejects.toMatchObject({
      message: `The server has ${none}`,
      description: expect.stringMatching(`Model > Pull .*such as ${example}\\.$`),
    });
  });

  test('of the loaded models has those that can be unloaded', async () => {
    const ps = { models: ['b:latest', 'a:latest'].map((name) => ({ name, model: name, size: 1, size_vram: 1 })) };
    server.on('GET /api/ps', replyJson(ps)).on('GET /api/ps', replyJson(ps)).on('GET /api/ps', faults.unauthorized());
    expect(await search('searchRunningModels')).toEqual([
      { name: 'b:latest', value: 'b:latest' },
      { name: 'a:latest', value: 'a:latest' },
    ]);
    expect(await values('searchRunningModels', 'B')).toEqual(['b:latest']);
    await expect(search('searchRunningModels')).rejects.toMatchObject({
      description: expect.stringMatching(/^Check Authentication in the credential/),
    });
  });

  test('is searched by every word of the label', async () => {
    expect(await values('searchModels', 'LLAMA think')).toEqual(['thinking-model:latest']);
    expect(await values('searchModels', ' bert')).toEqual(['embedding-model:latest']);
    expect(await values('searchModels', 'nothing')).toEqual([]);
  });

  test('offers all models of an older server, which does not report capabilities', async () => {
    server.tags({ models: [{ name: 'old', model: 'old', size: 5, digest: 'd', modified_at: 'm' }] });
    expect(await search('searchEmbeddingModels')).toEqual([{ name: 'old (0 MB)', value: 'old', description: '' }]);
    server.tags({
      models: [{ name: 'old', model: 'old', size: 5, digest: 'd', modified_at: 'm', capabilities: null }],
    });
    expect(await values('searchEmbeddingModels')).toEqual(['old']);
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

  test('is used by every operation with a model', () => {
    const locators = engine.node.description.properties.filter(({ name }) => name === 'model');
    const methods = locators.map(({ displayOptions, modes }) => [
      `${displayOptions!.show!['resource']![0]}: ${displayOptions!.show!['operation']![0]}`,
      modes![0]!.typeOptions!.searchListMethod,
    ]);
    expect(Object.fromEntries(methods)).toEqual({
      'chat: send': 'searchTextModels',
      'generate: send': 'searchTextModels',
      'embedding: embed': 'searchEmbeddingModels',
      'embedding: rank': 'searchEmbeddingModels',
      'model: copy': 'searchModels',
      'model: create': 'searchModels',
      'model: delete': 'searchModels',
      'model: get': 'searchModels',
      'model: load': 'searchModels',
      'model: pull': 'searchModels',
      'model: push': 'searchModels',
      'model: unload': 'searchRunningModels',
    });
  });

  test('and a picked model is sent', async () => {
    const picked = { __rl: true, mode: 'list', value: 'thinking-model:latest', cachedResultName: 'thinking-model' };
    await engine.run({ parameters: model('get', { model: picked }), credential: { baseUrl: server.host } });
    expect(server.lastRequest.body).toEqual({ model: 'thinking-model:latest' });
  });
});
