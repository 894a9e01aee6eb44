import { faults, gate, raw, replyJson, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeName } from './engine.ts';
import { locator } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine({ withSdk: true });
const { engine: older } = await useEngine();

const setup = (type: NodeName, parameters: INodeParameters) => ({
  type,
  parameters,
  credential: { baseUrl: server.host, authentication: 'bearer', apiKey: 'k' },
});

/** The parts of n8n's chat model that an agent calls. */
interface ChatModel {
  modelId: string;
  generate(messages: object[], config?: object): Promise<{ message: { content: object[] } }>;
  stream(messages: object[], config?: object): AsyncIterable<{ type: string }>;
  withTools(tools: object[]): ChatModel;
}

const say = (text: string, role = 'user') => ({ role, content: [{ type: 'text', text }] });

describe('the chat model', () => {
  const chatModel = async (options: INodeParameters = {}, stop?: AbortSignal) => {
    const parameters = { model: locator('thinking-model'), options };
    const { response } = await engine.supply(setup('ollamaBeltChatModel', parameters), stop);
    return (response as { chatModel: ChatModel }).chatModel;
  };

  test('responds with text, thinking, counts and the reason', async () => {
    server.chat({ thinking: ['Hm', 'm'], text: ['Hel', 'lo'], counts: { prompt: 5, answer: 3 } });
    const model = await chatModel({ temperature: 0, think: 'low', keep_alive: '1h', stop: ['x'] });
    expect(model.modelId).toBe('thinking-model');
    expect(await model.generate([say('Be brief.', 'system'), say('Hi')], { stop: ['Observation:'] })).toEqual({
      finishReason: 'stop',
      usage: { promptTokens: 5, completionTokens: 3, totalTokens: 8 },
      message: {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hmm' },
          { type: 'text', text: 'Hello' },
        ],
      },
    });
    expect(server.lastRequest.headers.authorization).toBe('Bearer k');
    expect(server.lastRequest.body).toEqual({
      model: 'thinking-model',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      think: 'low',
      keep_alive: '1h',
      options: { temperature: 0, stop: ['x', 'Observation:'] },
      stream: true,
    });
  });

  test('streams, and gives each tool call its own id', async () => {
    server.chat({
      text: ['Let me ', 'see.'],
      toolCalls: [
        { name: 'look', arguments: { at: 'a' } },
        { name: 'look', arguments: { at: 'b' }, id: 'own' },
      ],
    });
    const tool = { type: 'function', name: 'look', description: 'Looks', inputSchema: { type: 'object' } };
    const model = (await chatModel()).withTools([tool, { type: 'provider', name: 'web_search' }]);
    const chunks: { type: string }[] = [];
    for await (const chunk of model.stream([say('Hi')])) chunks.push(chunk);
    expect(chunks).toMatchObject([
      { type: 'text-delta', delta: 'Let me ' },
      { type: 'text-delta', delta: 'see.' },
      { type: 'tool-call-delta', id: expect.any(String), name: 'look', argumentsDelta: '{"at":"a"}' },
      { type: 'tool-call-delta', id: 'own', name: 'look', argumentsDelta: '{"at":"b"}' },
      { type: 'finish', finishReason: 'tool-calls' },
    ]);
    expect(new Set(chunks.map((chunk) => (chunk as { id?: string }).id)).size).toBe(3);
    expect(server.lastRequest.body['tools']).toEqual([
      { type: 'function', function: { name: 'look', description: 'Looks', parameters: { type: 'object' } } },
    ]);
  });

  test('responds with the calls of tools, and invents ids if an older server has none', async () => {
    const call = (city: string) => ({ function: { name: 'look', arguments: { city } } });
    const message = { role: 'assistant', content: '', tool_calls: [call('Oslo'), call('Rome')] };
    const lines = [{ model: 'thinking-model', created_at: 't', message, done: true, done_reason: 'stop' }];
    server.chat({ lines }).chat({ lines });
    const model = await chatModel();
    const { message: answer, ...rest } = await model.generate([say('Hi')]);
    const ids = answer.content.map((block) => (block as { toolCallId?: string }).toolCallId);
    expect(answer.content).toEqual([
      { type: 'text', text: '' },
      { type: 'tool-call', toolCallId: expect.stringMatching(/^call_./), toolName: 'look', input: '{"city":"Oslo"}' },
      { type: 'tool-call', toolCallId: expect.stringMatching(/^call_./), toolName: 'look', input: '{"city":"Rome"}' },
    ]);
    expect(new Set(ids).size).toBe(3);
    expect(rest).toEqual({
      finishReason: 'tool-calls',
      usage: { promptTokens: 0, completionTokens: 0, totalTokens: 0 },
    });
    const chunks: object[] = [];
    for await (const chunk of model.stream([say('Hi')])) chunks.push(chunk);
    expect(chunks.map((chunk) => (chunk as { id?: string }).id).filter((id) => id?.startsWith('call_'))).toHaveLength(
      2,
    );
  });

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['unload', 'other'],
  ])('ends for the reason "%s": %s', async (doneReason, finishReason) => {
    server.chat({ text: 'ok', doneReason }).chat({ text: 'ok', doneReason });
    const model = await chatModel();
    expect(await model.generate([say('Hi')])).toMatchObject({ finishReason });
    const chunks: object[] = [];
    for await (const chunk of model.stream([say('Hi')])) chunks.push(chunk);
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', finishReason });
  });

  test('removes the model’s thinking from its text, unless Strip Thinking is off', async () => {
    const reply = { text: ['<thi', 'nk>Hm</think>\n', 'Yes'] };
    server.always.chat(reply);
    const thought = [
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Yes' },
    ];
    expect((await (await chatModel()).generate([say('Hi')])).message.content).toEqual(thought);
    const chunks: object[] = [];
    for await (const chunk of (await chatModel()).stream([say('Hi')])) chunks.push(chunk);
    expect(chunks.slice(0, 2)).toEqual([
      { type: 'reasoning-delta', delta: 'Hm' },
      { type: 'text-delta', delta: 'Yes' },
    ]);
    const whole = (await chatModel({ strip_thinking: false })).generate([say('Hi')]);
    expect((await whole).message.content).toEqual([{ type: 'text', text: '<think>Hm</think>\nYes' }]);
    const pieces: object[] = [];
    for await (const chunk of (await chatModel({ strip_thinking: false })).stream([say('Hi')])) pieces.push(chunk);
    expect(pieces.slice(0, -1)).toEqual(reply.text.map((delta) => ({ type: 'text-delta', delta })));
  });

  test.each([true, false])('streams chunks without a content: Strip Thinking %s', async (strip_thinking) => {
    const line = (message: object, done = false) =>
      `${JSON.stringify({ model: 'm', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', ...message }, done })}\n`;
    const body = [line({ thinking: 'Hm' }), line({ content: 'Yes' }), line({ content: null }), line({}, true)];
    server.chat(raw({ headers: { 'content-type': 'application/x-ndjson' }, body }));
    const chunks: object[] = [];
    for await (const chunk of (await chatModel({ strip_thinking })).stream([say('Hi')])) chunks.push(chunk);
    expect(chunks).toMatchObject([
      { type: 'reasoning-delta', delta: 'Hm' },
      { type: 'text-delta', delta: 'Yes' },
      { type: 'finish' },
    ]);
  });

  test.each(['a <thi', '<thi'])('streams all of a text that only looks like thinking: %s', async (text) => {
    server.chat({ text });
    const chunks: object[] = [];
    for await (const chunk of (await chatModel()).stream([say('Hi')])) chunks.push(chunk);
    expect(chunks).toMatchObject([{ type: 'text-delta', delta: text }, { type: 'finish' }]);
  });

  test('streams thinking that looks like its end, each part once', async () => {
    server.chat({ text: ['<think>a <', ' b</thi', 'n</th', 'ink>Yes'] });
    const parts: Record<string, string> = {};
    for await (const chunk of (await chatModel()).stream([say('Hi')])) {
      const { type, delta = '' } = chunk as { type: string; delta?: string };
      parts[type] = (parts[type] ?? '') + delta;
    }
    expect(parts).toMatchObject({ 'reasoning-delta': 'a < b</thin', 'text-delta': 'Yes' });
  });

  test('accepts images, thinking, calls and results of tools', async () => {
    server.chat({ text: 'ok' });
    await (await chatModel()).generate([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What?' },
          { type: 'file', mediaType: 'image/png', data: 'iVBORw0=' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm' },
          { type: 'tool-call', toolCallId: '1', toolName: 'look', input: '{"at":"a"}' },
          { type: 'tool-call', toolCallId: '2', toolName: 'find', input: 'oops' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', result: [{ type: 'text', text: 'a cat' }] }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '2', result: { n: 1 }, isError: true }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '2', result: [{ type: 'image', text: 'x' }] }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '3', result: undefined }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '3', result: 'plain' }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: '3', result: [{ type: 'text', text: 'a' }, 'b'] }] },
      { role: 'user', content: [{ type: 'file', mediaType: 'image/png' }] },
    ]);
    expect(server.lastRequest.body['messages']).toEqual([
      { role: 'user', content: 'What?', images: ['iVBORw0='] },
      {
        role: 'assistant',
        content: '',
        thinking: 'Hm',
        tool_calls: [
          { id: '1', function: { name: 'look', arguments: { at: 'a' } } },
          { id: '2', function: { name: 'find', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'a cat', tool_name: 'look', tool_call_id: '1' },
      { role: 'tool', content: '{"n":1}', tool_name: 'find', tool_call_id: '2' },
      { role: 'tool', content: '[{"type":"image","text":"x"}]', tool_name: 'find', tool_call_id: '2' },
      { role: 'tool', content: '', tool_call_id: '3' },
      { role: 'tool', content: 'plain', tool_call_id: '3' },
      { role: 'tool', content: '[{"type":"text","text":"a"},"b"]', tool_call_id: '3' },
      { role: 'user', content: '' },
    ]);
  });

  test('returns requested JSON without the text around it, and reports that', async () => {
    const reply = { text: ['Here:\n```json\n{"city"', ':"Oslo"}\n```\nDone.'] };
    server.chat(reply).chat(reply).chat(reply);
    const parameters = { model: locator('thinking-model'), options: { any_json: true } };
    const { response, hints } = await engine.supply(setup('ollamaBeltChatModel', parameters));
    const { chatModel: model } = response as { chatModel: ChatModel };
    const whole = await model.generate([say('Hi')]);
    expect(hints).toMatchObject([{ message: expect.stringMatching(/^The model wrote more than the JSON/) }]);
    expect(whole.message.content).toEqual([{ type: 'text', text: '{"city":"Oslo"}' }]);
    const chunks: object[] = [];
    for await (const chunk of model.stream([say('Hi')])) chunks.push(chunk);
    expect(chunks).toMatchObject([{ type: 'text-delta', delta: '{"city":"Oslo"}' }, { type: 'finish' }]);
    // No JSON was requested here.
    const other = (await chatModel()).generate([say('Hi')]);
    expect((await other).message.content).toEqual([{ type: 'text', text: reply.text.join('') }]);
  });

  test('streams requested JSON in one piece, and reports nothing if there is nothing around it', async () => {
    server.chat({ text: ['{"city"', ':"Oslo"}'] });
    const parameters = { model: locator('thinking-model'), options: { any_json: true } };
    const { response, hints } = await engine.supply(setup('ollamaBeltChatModel', parameters));
    const chunks: object[] = [];
    for await (const chunk of (response as { chatModel: ChatModel }).chatModel.stream([say('Hi')])) chunks.push(chunk);
    expect(chunks).toMatchObject([{ type: 'text-delta', delta: '{"city":"Oslo"}' }, { type: 'finish' }]);
    expect(hints).toEqual([]);
  });

  test('shows notices with its output, each once', async () => {
    server
      .chat({ text: 'Hm', doneReason: 'length' })
      .chat({ text: '' })
      .chat({ thinking: ['H', 'm'], text: '' });
    server.chat({ text: '' }).chat({ text: '<think>Hm' });
    const setUp = setup('ollamaBeltChatModel', {
      model: locator('chat-model'),
      options: { seed: '={{ $json.typo }}' },
    });
    const { response, hints } = await engine.supply(setUp);
    const { chatModel: model } = response as { chatModel: ChatModel };
    await model.generate([say('Hi')]);
    await model.generate([say('Hi')]);
    for await (const _ of model.stream([say('Hi')]));
    for await (const _ of model.stream([say('Hi')]));
    await model.generate([say('Hi')]);
    expect(hints.map(({ message }) => message)).toEqual([
      'The option Seed was ignored: its expression returned no value.',
      expect.stringMatching(/^The answer reached its maximum length/),
      expect.stringMatching(/^The answer is empty/),
      expect.stringMatching(/^The model thought but gave no answer/),
    ]);
  });

  test('responds with any kind of JSON if requested', async () => {
    server.chat({ text: '{}' });
    await (await chatModel({ any_json: true })).generate([say('Hi')]);
    expect(server.lastRequest.body['format']).toBe('json');
  });

  test('follows a schema if one is set', async () => {
    await (await chatModel({ format: '{ "type": "object", "properties": {} }' })).generate([say('Hi')]);
    expect(server.lastRequest.body['format']).toEqual({ type: 'object', properties: {} });
  });

  test('reports failures like the node', async () => {
    const failure = {
      name: 'NodeApiError',
      message: expect.stringMatching(/^model 'thinking-model' not found/),
      description: expect.stringMatching(/ollama pull thinking-model/),
    };
    server.chat(faults.modelNotFound('thinking-model')).chat(faults.modelNotFound('thinking-model'));
    await expect((await chatModel()).generate([say('Hi')])).rejects.toMatchObject(failure);
    const streamed = async () => {
      for await (const _ of (await chatModel()).stream([say('Hi')]));
    };
    await expect(streamed()).rejects.toMatchObject(failure);
  });

  test('stops when the agent or the workflow stops', async () => {
    for (const stops of ['agent', 'workflow']) {
      const stall = gate();
      server.chat(faults.stallMidStream(stall));
      const [agent, workflow] = [new AbortController(), new AbortController()];
      const model = await chatModel({}, workflow.signal);
      const running = model.generate([say('Hi')], { signal: agent.signal });
      const failed = expect(running).rejects.toThrow(/canceled/);
      await stall.reached;
      (stops === 'agent' ? agent : workflow).abort();
      await failed;
      expect(await server.lastRequest.closed).toBe('aborted');
    }
  });

  test('needs an n8n that has its package for AI nodes, and says so', async () => {
    const parameters = { model: locator('m'), options: {} };
    await expect(older.supply(setup('ollamaBeltChatModel', parameters))).rejects.toMatchObject({
      message: 'This version of n8n cannot connect models and tools of community nodes',
      description: expect.stringMatching(/n8n 2\.22/),
    });
  });
});

describe('the embeddings', () => {
  interface Embeddings {
    embedQuery(text: unknown): Promise<number[]>;
    embedDocuments(texts: string[]): Promise<number[][]>;
  }
  const embeddings = async (options: INodeParameters = {}) => {
    const parameters = { model: locator('embedding-model'), options };
    const { response, runData } = await engine.supply(setup('ollamaBeltEmbeddings', parameters));
    return { vectors: response as Embeddings, runData };
  };

  test('embed documents in one request, and a query, each with its prefix', async () => {
    server.always.embed(({ body }) => ({ embeddings: (body['input'] as string[]).map((text) => [text.length, 1]) }));
    const { vectors, runData } = await embeddings({
      query_prefix: 'query: ',
      document_prefix: 'doc: ',
      dimensions: 2,
      keep_alive: '1h',
      truncate: false,
    });
    expect(await vectors.embedDocuments(['a', 'bb'])).toEqual([
      [6, 1],
      [7, 1],
    ]);
    expect(server.lastRequest.body).toEqual({
      model: 'embedding-model',
      input: ['doc: a', 'doc: bb'],
      dimensions: 2,
      keep_alive: '1h',
      truncate: false,
    });
    expect(await vectors.embedQuery('c')).toEqual([8, 1]);
    expect(await vectors.embedDocuments([])).toEqual([]);
    expect(server.requests).toHaveLength(2);
    await expect
      .poll(() => runData.resultData.runData['Node']?.map(({ data }) => data?.['ai_embedding']?.[0]?.[0]?.json))
      .toMatchObject([{ model: 'embedding-model', vectors: 2, dimensions: 2 }, { vectors: 1 }]);
    const inputs = runData.resultData.runData['Node']!.map(({ inputOverride }) => inputOverride?.['ai_embedding']);
    expect(inputs).toMatchObject([
      [[{ json: { texts: ['doc: a', 'doc: bb'] } }]],
      [[{ json: { texts: ['query: c'] } }]],
    ]);
  });

  test.each([undefined, null, ''])('do not search for %j, whatever prefix a query has', async (query) => {
    for (const options of [{}, { query_prefix: 'query: ' }]) {
      const { vectors } = await embeddings(options);
      await expect(vectors.embedQuery(query)).rejects.toThrow(/is empty/);
    }
    expect(server.requests).toEqual([]);
  });

  test('search for an object as JSON', async () => {
    const { vectors } = await embeddings();
    await vectors.embedQuery({ a: 1 });
    expect(server.lastRequest.body['input']).toEqual(['{"a":1}']);
  });

  test('send as many texts at once as Texts per Request allows', async () => {
    server.always.embed(({ body }) => ({ embeddings: (body['input'] as string[]).map((text) => [text.length]) }));
    const { vectors } = await embeddings({ batchSize: 2 });
    expect(await vectors.embedDocuments(['a', 'bb', 'ccc', 'dddd', 'eeeee'])).toEqual([[1], [2], [3], [4], [5]]);
    expect(server.requests.map(({ body }) => body['input'])).toEqual([['a', 'bb'], ['ccc', 'dddd'], ['eeeee']]);
  });

  test('report failures', async () => {
    server.embed(faults.modelNotFound('embedding-model'));
    const { vectors, runData } = await embeddings();
    const failure = { name: 'NodeApiError', message: expect.stringMatching(/^model 'embedding-model' not found/) };
    await expect(vectors.embedQuery('x')).rejects.toMatchObject(failure);
    await expect.poll(() => runData.resultData.runData['Node']?.[0]?.error).toMatchObject(failure);
  });
});

describe.each(['ollamaBeltChatModel', 'ollamaBeltEmbeddings'] as const)('the options of %s', (type) => {
  const name = type === 'ollamaBeltChatModel' ? 'chat-model' : 'embedding-model';
  const options = engine.nodeType(type).description.properties.find((property) => property.name === 'options')!
    .options as INodeProperties[];
  const supply = (option: string, value: string, isList = false) =>
    engine.supply(setup(type, { model: locator(name), options: { [option]: isList ? [value] : value } }));

  test('report each whose expression has no result', async () => {
    expect(options.length).toBeGreaterThan(10);
    for (const { name: option, displayName, typeOptions } of options) {
      const { hints } = await supply(option, '={{ $json.typo }}', typeOptions?.multipleValues);
      expect(hints.map(({ message }) => message)).toEqual([
        `The option ${displayName} was ignored: its expression returned no value.`,
      ]);
    }
  });

  test('reject an invalid number or switch', async () => {
    for (const { name: option, displayName, type: kind } of options) {
      if (kind !== 'number' && kind !== 'boolean') continue;
      await expect(supply(option, '={{ "nonsense" }}')).rejects.toThrow(`The option ${displayName} must be`);
    }
  });

  test('and a model is required', async () => {
    for (const value of ['', '={{ $json.typo }}', '={{ null }}']) {
      await expect(engine.supply(setup(type, { model: locator(value), options: {} }))).rejects.toThrow(
        'No model is chosen',
      );
    }
  });
});

describe('the trigger', () => {
  const poller = (events: string[]) => engine.poller(setup('ollamaBeltTrigger', { events }));
  const tags = (...models: [name: string, digest: string][]) =>
    server.tags({ models: models.map(([name, digest]) => ({ name, model: name, digest, size: 1, modified_at: 'm' })) });

  test('reports models that were added, updated and removed since the last poll', async () => {
    const poll = poller(['added', 'updated', 'removed']);
    tags(['a', '1'], ['b', '1']);
    expect(await poll()).toBeNull();
    tags(['a', '2'], ['c', '1']);
    expect(await poll()).toEqual([
      { event: 'added', model: 'c', digest: '1' },
      { event: 'updated', model: 'a', digest: '2' },
      { event: 'removed', model: 'b', digest: '1' },
    ]);
    tags(['a', '2'], ['c', '1']);
    expect(await poll()).toBeNull();
    expect(server.requests.every(({ path }) => path === '/api/tags')).toBe(true);
  });

  test('reports models that were loaded and unloaded, and only what was requested', async () => {
    const [both, loaded] = [poller(['loaded', 'unloaded']), poller(['loaded'])];
    const ps = (...names: string[]) => {
      const models = names.map((name) => ({ name, model: name, digest: '1', size: 1, size_vram: 0, expires_at: 'e' }));
      server.on('GET /api/ps', replyJson({ models })).on('GET /api/ps', replyJson({ models }));
    };
    ps('a');
    expect([await both(), await loaded()]).toEqual([null, null]);
    ps('b');
    const isLoaded = { event: 'loaded', model: 'b', digest: '1' };
    expect(await both()).toEqual([isLoaded, { event: 'unloaded', model: 'a', digest: '1' }]);
    expect(await loaded()).toEqual([isLoaded]);
  });

  test('does not report all models when its events change', async () => {
    const running = { models: [{ name: 'a', model: 'a', digest: '1', size: 1, size_vram: 0, expires_at: 'e' }] };
    server.always.on('GET /api/ps', replyJson(running));
    const poll = poller(['loaded']);
    expect(await poll()).toBeNull();
    tags(['a', '1']);
    expect(await poll('trigger', { events: ['added', 'removed'] })).toBeNull();
    tags(['b', '1']);
    expect(await poll()).toEqual([
      { event: 'added', model: 'b', digest: '1' },
      { event: 'removed', model: 'a', digest: '1' },
    ]);
    expect(await poll('trigger', { events: ['loaded', 'unloaded'] })).toBeNull();
    expect(await poll()).toBeNull();
  });

  test('starts again if the credential names another server, but not if only its password changes', async () => {
    await using other = await startScripted({ models: [scriptedModel({ name: 'c' })] });
    const credential = { baseUrl: server.host };
    const poll = engine.poller({
      type: 'ollamaBeltTrigger',
      parameters: { events: ['added', 'updated', 'removed'] },
      credential,
    });
    tags(['a', '1']);
    expect(await poll()).toBeNull();
    credential.baseUrl = server.host.replace('//', '//me:new@');
    tags(['b', '1']);
    expect(await poll()).toHaveLength(2);
    credential.baseUrl = other.host;
    expect(await poll()).toBeNull();
    other.tags({ models: [] });
    expect(await poll()).toMatchObject([{ event: 'removed', model: 'c:latest' }]);
  });

  test('continues from what an older version stored, which did not name the server', async () => {
    const stored = { seen: { installed: { a: '1' } } };
    const poll = engine.poller({ ...setup('ollamaBeltTrigger', { events: ['updated'] }), stored });
    tags(['a', '2']);
    expect(await poll()).toHaveLength(1);
  });

  test('outputs the current models as examples in a test, and keeps its state', async () => {
    const poll = poller(['added']);
    tags(['a', '1']);
    expect(await poll('manual')).toEqual([{ event: 'added', model: 'a', digest: '1' }]);
    tags(['a', '1']);
    expect(await poll()).toBeNull();
    tags(['a', '1'], ['b', '1']);
    expect(await poll('manual')).toEqual([{ event: 'added', model: 'b', digest: '1' }]);
    tags(['a', '1'], ['b', '1']);
    expect(await poll()).toEqual([{ event: 'added', model: 'b', digest: '1' }]);
  });

  test('outputs a sample for each event in a test, with an existing model if there is one', async () => {
    const events = ['added', 'updated', 'removed', 'loaded', 'unloaded'];
    tags(['a', '1'], ['b', '2']);
    server.on('GET /api/ps', replyJson({ models: [] }));
    expect(await poller(events)('manual')).toEqual(events.map((event) => ({ event, model: 'b', digest: '2' })));
    tags();
    const digest = expect.stringMatching(/^\w{64}$/);
    expect(await poller(['removed'])('manual')).toEqual([{ event: 'removed', model: 'llama3.2:latest', digest }]);
  });

  test('accepts an event, or a list of them, from an expression, and rejects anything else', async () => {
    const polled = (events: string) => engine.poller(setup('ollamaBeltTrigger', { events }))('manual');
    for (const [events, count] of [
      ['={{ "removed" }}', 1],
      ['={{ ["added", "removed"] }}', 2],
    ] as const) {
      tags(['a', '1']);
      expect(await polled(events)).toHaveLength(count);
    }
    await expect(polled('={{ "deleted" }}')).rejects.toThrow('The field Events must be one of added, loaded,');
    await expect(polled('={{ null }}')).rejects.toThrow('The field Events has no value');
    await expect(polled('={{ [] }}')).rejects.toThrow('The field Events has no value');
  });

  test('reports failures, and keeps its state', async () => {
    const poll = poller(['added']);
    tags(['a', '1']);
    await poll();
    server.tags(faults.serverError());
    await expect(poll()).rejects.toMatchObject({ name: 'NodeApiError', httpCode: '500' });
    tags(['a', '1'], ['b', '1']);
    expect(await poll()).toHaveLength(1);
  });
});
