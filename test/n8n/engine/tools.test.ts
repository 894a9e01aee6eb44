import { gate } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { chat, generate } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine({ withSdk: true });
const { engine: older } = await useEngine();

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** As a tool node supplies it. */
const tool = (name: string, invoke: (args: { city: string }) => unknown) => ({
  name,
  description: `${name} of a city`,
  schema,
  invoke: async (args: { city: string }) => invoke(args),
});

const weather = tool('weather', ({ city }) => `sunny in ${city}`);

const run = (parameters: INodeParameters, tools: object[], more: Partial<NodeSetup> = {}, stop?: AbortSignal) =>
  engine.run({ parameters, tools, credential: { baseUrl: server.host }, ...more }, stop);

function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

const calls = (...cities: string[]) => ({
  toolCalls: cities.map((city, index) => ({ name: 'weather', arguments: { city }, id: `c${index}` })),
  counts: { prompt: 10, answer: 2 },
});

describe('a chat with connected tools', () => {
  test('runs the tools that the model calls, all calls of a round in parallel, until it answers', async () => {
    const [oslo, rome] = [deferred<string>(), deferred<string>()];
    const begun: string[] = [];
    const slow = tool('weather', ({ city }) => {
      begun.push(city);
      // Both run before either ends, and the second one ends first.
      if (begun.length === 2) {
        rome.resolve('hot');
        void rome.promise.then(() => oslo.resolve('cold'));
      }
      return city === 'Oslo' ? oslo.promise : rome.promise;
    });
    server.chat(calls('Oslo', 'Rome')).chat(calls('Bern'));
    server.chat({ text: 'All fine.', counts: { prompt: 30, answer: 5 } });
    const toolkit = { tools: [tool('time', () => 'noon')] };
    const { error, outputs, tokenUsage } = await run(chat(), [
      { ...slow, invoke: (args: { city: string }) => (args.city === 'Bern' ? { mild: true } : slow.invoke(args)) },
      toolkit,
    ]);
    expect(error).toBeUndefined();
    expect(outputs[0]![0]!.json).toMatchObject({
      text: 'All fine.',
      usage: { prompt_tokens: 50, answer_tokens: 9 },
      tools_run: ['Oslo', 'Rome', 'Bern'].map((city) => ({ name: 'weather', arguments: { city } })),
    });
    expect(outputs[0]![0]!.json).not.toHaveProperty('tool_calls');
    expect(tokenUsage).toMatchObject({ inputTokens: 50, outputTokens: 9 });
    expect(begun).toEqual(['Oslo', 'Rome']);

    const bodies = server.requestsTo('/api/chat').map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    // n8n lists connected nodes from right to left.
    expect(bodies[0]!['tools']).toEqual(
      ['time', 'weather'].map((name) => ({
        type: 'function',
        function: { name, description: `${name} of a city`, parameters: schema },
      })),
    );
    const called = (city: string, id: string) => ({ id, function: { name: 'weather', arguments: { city } } });
    const messages = (bodies[2]!['messages'] as object[]).slice(1);
    expect(messages).toMatchObject([
      { role: 'assistant', tool_calls: [called('Oslo', 'c0'), called('Rome', 'c1')] },
      { role: 'tool', content: 'cold', tool_name: 'weather', tool_call_id: 'c0' },
      { role: 'tool', content: 'hot', tool_name: 'weather', tool_call_id: 'c1' },
      { role: 'assistant', tool_calls: [called('Bern', 'c0')] },
      { role: 'tool', content: '{"mild":true}', tool_name: 'weather', tool_call_id: 'c0' },
    ]);
  });

  test('offers the tools of toolkits, with parameters or without', async () => {
    const { schema: _, ...plain } = tool('moon', () => 'full');
    await run(chat(), [{ tools: [tool('time', () => 'noon')] }, { getTools: () => [plain] }]);
    expect(server.lastRequest.body['tools']).toMatchObject([
      { function: { name: 'moon', parameters: { type: 'object', properties: {} } } },
      { function: { name: 'time', parameters: schema } },
    ]);
  });

  test('sends the texts of a result that is a list of blocks, as tools of MCP and of vector stores return', async () => {
    const blocks = [
      { type: 'text', text: 'Oslo: 5' },
      { type: 'text', text: 'Rome: 20' },
    ];
    server.chat(calls('Oslo')).chat({ text: 'Cold.' });
    await run(chat(), [tool('weather', () => blocks)]);
    expect((server.lastRequest.body['messages'] as object[]).at(-1)).toMatchObject({ content: 'Oslo: 5\nRome: 20' });
  });

  test('refuses two tools of the same name, of which the model could call only one', async () => {
    const { error } = await run(chat(), [weather, { tools: [tool('time', () => 'noon'), weather] }]);
    expect(error).toMatchObject({ message: 'Two connected tools are called weather', context: { itemIndex: 0 } });
    expect(error!.description).toMatch(/rename/);
    expect(server.requests).toEqual([]);
  });

  test('tells the model which tool failed and why, and which tools there are', async () => {
    const broken = tool('weather', () => {
      throw new Error('no such city');
    });
    server.chat({
      toolCalls: [
        { name: 'weather', arguments: {} },
        { name: 'wether', arguments: {} },
      ],
    });
    server.chat({ text: 'Sorry.' });
    const { outputs } = await run(chat(), [broken]);
    expect(outputs[0]![0]!.json['text']).toBe('Sorry.');
    expect((server.lastRequest.body['messages'] as object[]).slice(2)).toMatchObject([
      { role: 'tool', content: 'error: no such city' },
      { role: 'tool', content: 'error: there is no tool named "wether". There are: weather.' },
    ]);
  });

  test('ends after the maximum number of rounds, and names the option', async () => {
    server.always.chat(calls('Oslo'));
    const { error } = await run(chat({ options: { max_rounds: 3 } }), [weather]);
    expect(error).toMatchObject({ message: 'chat-model still calls tools after 3 rounds.', context: { itemIndex: 0 } });
    expect(error!.description).toMatch(/Raise the option Max Tool Rounds/);
    expect(server.requestsTo('/api/chat')).toHaveLength(3);
  });

  test('says that the model called a tool that is not connected, if its answer is empty', async () => {
    server.chat({ text: '', counts: { prompt: 3, answer: 5 } });
    const { hints, outputs } = await run(chat(), [weather]);
    expect(hints).toMatchObject([
      { message: expect.stringMatching(/^The answer is empty, although .* 5 tokens\. It/) },
    ]);
    expect(outputs[0]![0]!.json['notices']).toMatchObject([{ code: 'tool_not_offered' }]);
  });

  test('streams the text of all rounds', async () => {
    server.chat({ text: 'Let me see. ', ...calls('Oslo') }).chat({ text: ['Sun', 'ny.'] });
    const { chunks, outputs } = await run(chat(), [weather], { streaming: true });
    expect(chunks).toEqual(['<begin>', 'Let me see. ', 'Sun', 'ny.', '<end>']);
    expect(outputs[0]![0]!.json['text']).toBe('Sunny.');
  });

  test('stops with the workflow while a tool runs', async () => {
    const atWork = deferred<void>();
    const endless = tool('weather', () => {
      atWork.resolve();
      return new Promise(() => {});
    });
    server.chat(calls('Oslo'));
    const stop = new AbortController();
    let signal: AbortSignal | undefined;
    const told = {
      ...endless,
      invoke(args: { city: string }, config: { signal: AbortSignal }) {
        ({ signal } = config);
        return endless.invoke(args);
      },
    };
    const running = run(chat(), [told], {}, stop.signal);
    await atWork.promise;
    stop.abort();
    expect((await running).status).toBe('canceled');
    expect(signal!.aborted).toBe(true);
    expect(server.requestsTo('/api/chat')).toHaveLength(1);
  });

  test('stops with the workflow in a later round', async () => {
    const stall = gate();
    server.chat(calls('Oslo')).chat({ text: ['a', stall, 'b'] });
    const stop = new AbortController();
    const running = run(chat(), [weather], {}, stop.signal);
    await stall.reached;
    stop.abort();
    expect((await running).status).toBe('canceled');
    expect(await server.lastRequest.closed).toBe('aborted');
  });
});

test('without tools the request has none, and only a chat has an input for them', async () => {
  await run(chat(), []);
  expect(server.lastRequest.body).not.toHaveProperty('tools');
  expect((await run(generate(), [])).status).toBe('success');
  expect(server.lastRequest.body).not.toHaveProperty('tools');
});

test('a workflow that stores files in the JSON of its items can chat, with tools and without', async () => {
  expect(await run(chat(), [], { binaryMode: 'combined' })).toMatchObject({ status: 'success' });
  server.chat(calls('Oslo')).chat({ text: 'Sunny.' });
  const { error, outputs } = await run(chat(), [weather], { binaryMode: 'combined' });
  expect(error).toBeUndefined();
  expect(outputs[0]![0]!.json['text']).toBe('Sunny.');
});

test('an n8n without its package for AI nodes says what tools need, and can chat without them', async () => {
  const setup = { parameters: chat(), credential: { baseUrl: server.host } };
  const { error } = await older.run({ ...setup, tools: [weather] });
  expect(error).toMatchObject({
    message: 'This version of n8n cannot connect models and tools of community nodes',
    description: expect.stringMatching(/n8n 2\.22/),
  });
  expect(server.requests).toHaveLength(0);
  expect((await older.run(setup)).status).toBe('success');
});
