import { failWith } from '@ollama-toolbelt/ollama-server';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { chat, embed, generate, locator, model } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

/** The items that the node outputs for these parameters. */
async function itemsOf(parameters: INodeParameters, items?: IDataObject[]): Promise<IDataObject[]> {
  const setup = { parameters, credential: { baseUrl: server.host, apiKey: '' }, ...(items && { items }) };
  const { status, error, outputs } = await engine.run(setup);
  expect(error).toBeUndefined();
  expect(status).toBe('success');
  expect(await server.lastRequest.closed).toBe('complete');
  return outputs[0]!.map(({ json }) => json);
}

describe('chat', () => {
  const usage = { prompt_tokens: 4, answer_tokens: 2, tokens_per_second: 100, load_ms: 1, total_ms: 30 };

  test('sends the messages and outputs the answer', async () => {
    server.chat({ text: ['Hello', ' there'], counts: { prompt: 4 } });
    const messages = {
      values: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'My name is {{ }}.' },
        { role: 'assistant', content: 'Noted.' },
        { role: 'user', content: '={{ $json.question }}' },
      ],
    };
    const items = await itemsOf(chat({ messages }), [{ question: 'Who am I?' }]);
    expect(items).toEqual([{ text: 'Hello there', model: 'chat-model', done_reason: 'stop', usage }]);
    expect(server.lastRequest.method).toBe('POST');
    expect(server.lastRequest.path).toBe('/api/chat');
    expect(server.lastRequest.body).toEqual({
      model: 'chat-model',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'My name is {{ }}.' },
        { role: 'assistant', content: 'Noted.' },
        { role: 'user', content: 'Who am I?' },
      ],
      stream: true,
    });
  });

  test('sends the body as one JSON text, whatever it contains', async () => {
    const content = '{"looks": "like JSON"}\n \u2028 \ud83d\udc4b \\u0000';
    await itemsOf(chat({ messages: { values: [{ role: 'user', content }] } }));
    expect(server.lastRequest.headers['content-type']).toBe('application/json');
    expect(JSON.parse(server.lastRequest.raw.toString('utf8')).messages[0].content).toBe(content);
  });

  test('puts thinking into its own field', async () => {
    server.chat({ thinking: ['Let me', ' see.'], text: 'Four.', counts: { prompt: 4, answer: 2 } });
    const parameters = chat({ model: locator('thinking-model'), options: { think: 'high' } });
    expect(await itemsOf(parameters)).toMatchObject([{ text: 'Four.', thinking: 'Let me see.' }]);
    expect(server.lastRequest.body['think']).toBe('high');
  });

  test('without Simplify outputs the server’s response', async () => {
    server.chat({ text: ['a', 'b'], counts: { prompt: 4 } });
    const [item] = await itemsOf(chat({ simplify: false }));
    expect(item).toMatchObject({
      model: 'chat-model',
      message: { role: 'assistant', content: 'ab' },
      done: true,
      prompt_eval_count: 4,
      eval_duration: 20_000_000,
    });
  });

  test('requests JSON and parses it', async () => {
    server.chat({ text: ['{"a":', '1}'] });
    expect(await itemsOf(chat({ outputFormat: 'json' }))).toMatchObject([{ text: '{"a":1}', parsed: { a: 1 } }]);
    expect(server.lastRequest.body['format']).toBe('json');
  });

  test('requests JSON by a schema, given as text or by an expression', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    for (const jsonSchema of [JSON.stringify(schema), '={{ $json.schema }}']) {
      const items = await itemsOf(chat({ outputFormat: 'schema', jsonSchema }), [{ schema }]);
      expect(items).toMatchObject([{ parsed: { n: 1 } }]);
      expect(server.lastRequest.body['format']).toEqual(schema);
    }
  });

  test('outputs the tool calls of the model, also with its messages', async () => {
    server.chat({ toolCalls: [{ name: 'look', arguments: { at: 'x' } }] });
    const [item] = await itemsOf(chat({ options: { output_messages: true } }));
    const calls = [{ function: { name: 'look', arguments: { at: 'x' } } }];
    expect(item).toMatchObject({
      tool_calls: calls,
      messages: [{ role: 'user' }, { role: 'assistant', content: '', tool_calls: calls }],
    });
  });
});

describe('generate', () => {
  test('sends the prompt and outputs the answer', async () => {
    server.generate({ text: ['Once', ' upon'], doneReason: 'length', counts: { prompt: 3 } });
    expect(await itemsOf(generate({ prompt: '={{ $json.p }}' }), [{ p: 'Tell a story' }])).toEqual([
      {
        text: 'Once upon',
        model: 'chat-model',
        done_reason: 'length',
        notices: [{ code: 'stopped_at_length', message: expect.any(String) }],
        usage: { prompt_tokens: 3, answer_tokens: 2, tokens_per_second: 100, load_ms: 1, total_ms: 30 },
      },
    ]);
    expect(server.lastRequest.path).toBe('/api/generate');
    expect(server.lastRequest.body).toEqual({ model: 'chat-model', prompt: 'Tell a story', stream: true });
  });

  test('without Simplify outputs the server’s response; a schema is parsed there too', async () => {
    server.generate({ text: '{"x":true}' });
    const [item] = await itemsOf(generate({ simplify: false, outputFormat: 'json' }));
    expect(item).toMatchObject({ response: '{"x":true}', parsed: { x: true }, done: true });
  });
});

describe('embedding', () => {
  test('outputs the vector of a text', async () => {
    server.embed({ embeddings: [[0.6, 0.8]], promptTokens: 2 });
    const [item] = await itemsOf(embed());
    expect(item).toMatchObject({ text: 'Hi', embedding: [0.6, 0.8], model: 'embedding-model' });
    expect((item!['usage'] as IDataObject)['prompt_tokens']).toBe(2);
    expect(server.lastRequest.path).toBe('/api/embed');
    expect(server.lastRequest.body).toEqual({ model: 'embedding-model', input: ['Hi'] });
  });

  test('outputs one item for each of a list of texts', async () => {
    server.embed([
      [1, 0],
      [0, 1],
    ]);
    const items = await itemsOf(embed({ text: '={{ $json.texts }}' }), [{ texts: ['a', 'b'] }]);
    expect(items).toEqual([
      { text: 'a', embedding: [1, 0], model: 'embedding-model' },
      { text: 'b', embedding: [0, 1], model: 'embedding-model' },
    ]);
    expect(server.lastRequest.body['input']).toEqual(['a', 'b']);
  });

  test('keeps the other fields of an item, as Rank does', async () => {
    server.embed([[1], [2], [3]]);
    const items = [
      { id: 7, tags: ['x', 'y'], texts: ['a', 'b'] },
      { id: 8, text: 'c' },
    ];
    expect(await itemsOf(embed({ text: '={{ $json.texts ?? $json.text }}' }), items)).toEqual([
      { id: 7, tags: ['x', 'y'], text: 'a', embedding: [1], model: 'embedding-model' },
      { id: 7, tags: ['x', 'y'], text: 'b', embedding: [2], model: 'embedding-model' },
      { id: 8, text: 'c', embedding: [3], model: 'embedding-model' },
    ]);
  });

  test('outputs one item for a list if requested', async () => {
    server.embed([[1], [2]]);
    const parameters = embed({ text: '={{ $json.texts }}', options: { list_output: 'one' } });
    expect(await itemsOf(parameters, [{ id: 7, texts: ['a', 'b'] }])).toMatchObject([
      { id: 7, texts: ['a', 'b'], embeddings: [[1], [2]], model: 'embedding-model' },
    ]);
  });

  /** The vector of a text is its length; the text "bad" is rejected. */
  const embedLengths = () =>
    server.always.embed(({ body }) => {
      const input = body['input'] as string[];
      if (input.includes('bad')) return failWith(400, 'the input length exceeds the context length');
      return { embeddings: input.map((text) => [text.length]), promptTokens: 3 };
    });

  test('embeds the items together, in batches, and each item keeps its own vector', async () => {
    embedLengths();
    const items = Array.from({ length: 70 }, (_, index) => ({ text: 'x'.repeat(index + 1) }));
    const found = await itemsOf(embed({ text: '={{ $json.text }}' }), items);
    expect(found.map(({ embedding }) => embedding)).toEqual(items.map((_, index) => [index + 1]));
    expect(server.requests.map(({ body }) => (body['input'] as string[]).length)).toEqual([32, 32, 6]);
  });

  test('Texts per Request sets how many are sent at once, and items with a different value are sent separately', async () => {
    embedLengths();
    const items = Array.from({ length: 9 }, (_, index) => ({ text: 'x'.repeat(index + 1), size: index < 5 ? 2 : 3 }));
    const options = { batchSize: '={{ $json.size }}' };
    const found = await itemsOf(embed({ text: '={{ $json.text }}', options }), items);
    expect(found.map(({ embedding }) => embedding)).toEqual(items.map((_, index) => [index + 1]));
    expect(server.requests.map(({ body }) => (body['input'] as string[]).length)).toEqual([2, 2, 1, 3, 1]);
    const parameters = {
      ...embed({ operation: 'rank', query: 'q', options: { batchSize: 4 } }),
      text: '={{ $json.text }}',
    };
    server.reset();
    embedLengths();
    await itemsOf(parameters, items);
    expect(server.requests.map(({ body }) => (body['input'] as string[]).length)).toEqual([4, 4, 2]);
  });

  test.each([
    [0, '1 or more, not 0'],
    [1.5, 'a whole number, not 1.5'],
    ['={{ "many" }}', 'a number, not "many"'],
  ])('%j is refused as a number of texts by the name of the option', async (given, must) => {
    const parameters = embed({ text: 'a', options: { batchSize: given } });
    const { error } = await engine.run({ parameters, credential: { baseUrl: server.host } });
    expect(error!.message).toBe(`The option Texts per Request must be ${must}`);
    expect(server.requests).toEqual([]);
  });

  test('sends items separately that differ in more than their text', async () => {
    embedLengths();
    const items = [{ d: 1 }, { d: 2 }, { d: 1 }];
    await itemsOf(embed({ text: '={{ "t" + $itemIndex }}', options: { dimensions: '={{ $json.d }}' } }), items);
    expect(server.requests.map(({ body }) => [body['dimensions'], body['input']])).toEqual([
      [1, ['t0', 't2']],
      [2, ['t1']],
    ]);
  });

  test('sends items separately that have different timeouts', async () => {
    embedLengths();
    const items = [{ s: 100 }, { s: 200 }, { s: 100 }];
    await itemsOf(embed({ text: '={{ "t" + $itemIndex }}', options: { firstByteMs: '={{ $json.s }}' } }), items);
    expect(server.requests.map(({ body }) => body['input'])).toEqual([['t0', 't2'], ['t1']]);
  });

  test('embeds items together without Simplify too', async () => {
    embedLengths();
    const found = await itemsOf(embed({ text: '={{ $json.text }}', simplify: false }), [{ text: 'a' }, { text: 'bb' }]);
    expect(found).toEqual([1, 2].map((length) => ({ model: 'embedding-model', embeddings: [[length]] })));
    expect(server.requests).toHaveLength(1);
  });

  test('one bad item does not affect the others', async () => {
    embedLengths();
    const items = [{ text: 'a' }, { text: 'bad' }, { text: 'ccc' }];
    const setup = { parameters: embed({ text: '={{ $json.text }}' }), credential: { baseUrl: server.host }, items };
    const { outputs } = await engine.run({ ...setup, onError: 'continueRegularOutput' });
    expect(outputs[0]).toMatchObject([
      // It was sent alone in the end, so it has its own counts.
      { json: { embedding: [1], usage: { prompt_tokens: 3 } }, pairedItem: { item: 0 } },
      { json: { error: expect.stringMatching(/exceeds the context length/) }, pairedItem: { item: 1 } },
      { json: { embedding: [3] }, pairedItem: { item: 2 } },
    ]);
    expect((await engine.run(setup)).error!.context).toMatchObject({ itemIndex: 1 });
  });

  test('ranks the items by their similarity to a query', async () => {
    const vectors: Record<string, number[]> = {
      'q: sea': [1, 0],
      'd: ship': [3, 1],
      'd: tree': [0, 1],
      'd: fish': [2, 0],
    };
    server.always.embed(({ body }) => ({ embeddings: (body['input'] as string[]).map((text) => vectors[text]!) }));
    const parameters = {
      ...embed(),
      operation: 'rank',
      query: ' sea ',
      text: '={{ $json.word }}',
      limit: 2,
      options: { query_prefix: 'q: ', document_prefix: 'd: ', keep_alive: '1h' },
    };
    const items = ['ship', 'tree', 'fish'].map((word) => ({ word }));
    const setup = { parameters, credential: { baseUrl: server.host }, items };
    const { outputs } = await engine.run(setup);
    expect(outputs[0]).toMatchObject([
      { json: { word: 'fish', score: 1 }, pairedItem: { item: 2 } },
      { json: { word: 'ship', score: expect.closeTo(0.949, 3) }, pairedItem: { item: 0 } },
    ]);
    expect(server.requests).toHaveLength(1);
    expect(server.lastRequest.body).toEqual({
      model: 'embedding-model',
      input: Object.keys(vectors),
      keep_alive: '1h',
    });
    const more = { ...parameters, limit: 50, options: { ...parameters.options, min_score: 1 } };
    expect((await engine.run({ ...setup, parameters: more })).outputs[0]).toHaveLength(1);
    const none = { ...parameters, query: '={{ $json.nothing }}' };
    expect((await engine.run({ ...setup, parameters: none })).error!.message).toBe('The field Query has no value');
  });

  test('adds the tokens to n8n’s count', async () => {
    embedLengths();
    const items = [{ text: 'a' }, { text: 'bb' }];
    for (const parameters of [embed(), embed({ operation: 'rank', query: 'q' })]) {
      const setup = { parameters: { ...parameters, text: '={{ $json.text }}' }, items };
      const { tokenUsage } = await engine.run({ ...setup, credential: { baseUrl: server.host } });
      expect(tokenUsage).toMatchObject({ inputTokens: 3, outputTokens: 0 });
    }
  });

  test('embeds items whose options change each time they are read', async () => {
    embedLengths();
    const options = { num_ctx: '={{ Math.ceil(Math.random() * 1e12) }}' };
    const found = await itemsOf(embed({ text: '={{ $json.text }}', options }), [{ text: 'a' }, { text: 'bb' }]);
    expect(found.map(({ embedding }) => embedding)).toEqual([[1], [2]]);
  });

  test('ranking asks nothing if no item has a text', async () => {
    const parameters = { ...embed({ operation: 'rank', query: 'q' }), text: '={{ $json.text }}' };
    const setup = { parameters, items: [{}, {}], credential: { baseUrl: server.host } };
    const { outputs } = await engine.run({ ...setup, onError: 'continueErrorOutput' });
    expect(outputs.map((items) => items.length)).toEqual([0, 2]);
    expect(server.requests).toEqual([]);
  });

  test('ranking names the item whose text is rejected, not its index in the request', async () => {
    embedLengths();
    const refused = async (query: string, texts: string[]) => {
      const parameters = { ...embed({ operation: 'rank', query }), text: '={{ $json.text }}' };
      const items = texts.map((text) => ({ text }));
      return (await engine.run({ parameters, items, credential: { baseUrl: server.host } })).error;
    };
    const error = await refused('q', ['a', 'bad', 'c']);
    expect(error!.message).toBe('Item Text of item 1 is longer than the context of the model');
    expect(error!.context).toMatchObject({ itemIndex: 1 });
    expect(error!.description).toBe('Shorten the prompt, or add the option Context Length.');
    expect((await refused('bad', ['a', 'b']))!.message).toBe('The query is longer than the context of the model');
    server.reset();
    server.always.embed(({ body }) =>
      (body['input'] as string[]).includes('odd') ? failWith(400, 'bad input') : [[1], [1]],
    );
    expect((await refused('q', ['odd']))!.message).toBe('Item Text of item 0 is refused by the model');
  });

  test('without Simplify outputs the server’s response', async () => {
    server.embed([[1, 0]]);
    expect(await itemsOf(embed({ simplify: false }))).toMatchObject([
      { model: 'embedding-model', embeddings: [[1, 0]] },
    ]);
  });
});

describe('model', () => {
  test('gets many, simplified', async () => {
    const items = await itemsOf(model('getAll', { returnAll: true }));
    expect(items.map(({ name }) => name)).toEqual(server.models.map(({ name }) => name));
    expect(items[0]).toEqual({
      name: 'chat-model:latest',
      size: 2_000_000_000,
      family: 'llama',
      parameter_size: '3.2B',
      quantization: 'Q4_K_M',
      context_length: 8192,
      capabilities: ['completion', 'tools'],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      modified_at: '2026-11-01T12:00:00.123456789Z',
    });
    expect(server.lastRequest.method).toBe('GET');
    expect(server.lastRequest.path).toBe('/api/tags');
    expect(server.lastRequest.raw).toHaveLength(0);
  });

  test('applies the limit, 50 by default', async () => {
    expect(await itemsOf(model('getAll', { limit: 2 }))).toHaveLength(2);
    server.tags({ models: Array.from({ length: 60 }, (_, index) => ({ name: `m${index}`, model: `m${index}` })) });
    expect(await itemsOf(model('getAll'))).toHaveLength(50);
  });

  test('gets many as the server returns them', async () => {
    const items = await itemsOf(model('getAll', { simplify: false, returnAll: true }));
    expect(items[2]).toMatchObject({ model: 'embedding-model:latest', details: { families: ['bert'] } });
  });

  test('gets one, simplified', async () => {
    expect(await itemsOf(model('get', { model: locator('chat-model') }))).toEqual([
      {
        name: 'chat-model',
        family: 'llama',
        parameter_size: '3.2B',
        quantization: 'Q4_K_M',
        context_length: 8192,
        embedding_length: 8,
        capabilities: ['completion', 'tools'],
        parameters: 'temperature                    0.7',
        modified_at: '2026-11-01T12:00:00.123456789Z',
      },
    ]);
    expect(server.lastRequest.path).toBe('/api/show');
    expect(server.lastRequest.body).toEqual({ model: 'chat-model' });
  });

  test('gets one as the server returns it, with everything if requested', async () => {
    const [item] = await itemsOf(model('get', { model: locator('chat-model'), simplify: false, verbose: true }));
    expect(item).toMatchObject({ license: 'MIT', template: '{{ .Prompt }}' });
    expect(server.lastRequest.body).toEqual({ model: 'chat-model', verbose: true });
  });
});
