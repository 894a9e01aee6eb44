import type { ConversationTool, Message, Tool } from '@ollama-toolbelt/core/neutral';
import { gate, raw } from '@ollama-toolbelt/ollama-server';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { failureOf } from '../fixtures/core/failure.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted({ retry: false });
const model = 'chat-model';

const sent = () => fresh.server.requestsTo('/api/chat').map(({ body }) => body);
const lastMessages = () => sent().at(-1)!['messages'] as Message[];

const parameters = { type: 'object', required: ['city'], properties: { city: { type: 'string' } } };
const weather = (run: ConversationTool['run']) => ({
  name: 'get_weather',
  description: 'The weather',
  parameters,
  run,
});
const plainTool: Tool = { type: 'function', function: { name: 'ask_user', description: 'Asks', parameters } };
const callOf = (name: string, args: Record<string, unknown>, id?: string) => ({
  name,
  arguments: args,
  ...(id !== undefined && { id }),
});

test('runs the calls of an answer in parallel and sends their results in the order of the calls', async () => {
  fresh.server
    .chat({ toolCalls: [callOf('get_weather', { city: 'Paris' }, 'a'), callOf('get_weather', { city: 'Rome' }, 'b')] })
    .chat({ text: 'It is 11 degrees in Paris and 19 in Rome.' });
  const rome = gate();
  const tool = weather(async ({ city }, { call, signal }) => {
    expect(call.function.name).toBe('get_weather');
    expect(signal.aborted).toBe(false);
    // Paris waits for Rome: in sequence this would never end.
    if (city === 'Paris') await rome.pass(signal);
    else rome.release();
    return city === 'Paris' ? '11 degrees celsius' : { degrees: 19 };
  });
  const chat = fresh.ollama.conversation({ model, tools: [tool] });
  const answer = await chat.send('What is the weather in Paris and Rome?');

  expect(answer.message.content).toBe('It is 11 degrees in Paris and 19 in Rome.');
  expect(sent()[0]!['tools']).toEqual([
    { type: 'function', function: { name: 'get_weather', description: 'The weather', parameters } },
  ]);
  expect(lastMessages()).toMatchObject([
    { role: 'user' },
    { role: 'assistant', tool_calls: [{ id: 'a' }, { id: 'b' }] },
    { role: 'tool', tool_name: 'get_weather', tool_call_id: 'a', content: '11 degrees celsius' },
    { role: 'tool', tool_name: 'get_weather', tool_call_id: 'b', content: '{"degrees":19}' },
  ]);
  expect(chat.messages).toEqual([...lastMessages(), { role: 'assistant', content: answer.message.content }]);
});

test('accepts a schema for the parameters: it describes, types and validates the arguments', async () => {
  fresh.server
    .chat({ toolCalls: [callOf('add', { a: 1, b: 'two' })] })
    .chat({ toolCalls: [callOf('add', { a: 1, b: 2 })] })
    .chat({ text: '3' });
  const chat = fresh.ollama.conversation({
    model,
    tools: [
      {
        name: 'add',
        parameters: z.object({ a: z.number(), b: z.number() }),
        run: (args) => {
          expectTypeOf(args).toEqualTypeOf<{ a: number; b: number }>();
          return args.a + args.b;
        },
      },
      {
        name: 'now',
        run: (args) => {
          expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>();
        },
      },
    ],
  });
  await chat.send('1 + 2?');
  expect(sent()[0]!['tools']).toMatchObject([
    { function: { parameters: { type: 'object', required: ['a', 'b'], properties: { a: { type: 'number' } } } } },
    { function: { name: 'now', parameters: { type: 'object', properties: {} } } },
  ]);
  const results = chat.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
  expect(results).toEqual([expect.stringMatching(/^error: b: .*expected number/), '3']);
});

test('a failed call is reported to the model', async () => {
  fresh.server
    .chat({
      toolCalls: [callOf('get_weather', { city: 'Paris' }), callOf('get_wether', {}), callOf('constructor', {})],
    })
    .chat({ text: 'I could not get the weather.' });
  const tool = weather(() => {
    throw new Error('no such city');
  });
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const chat = fresh.ollama.conversation({ model, tools: [tool, { name: 'broken', run: () => circular }, plainTool] });
  await chat.send('Weather?');
  expect(lastMessages().slice(2)).toMatchObject([
    { content: 'error: no such city' },
    { content: 'error: there is no tool named "get_wether". There are: get_weather, broken, ask_user.' },
    { content: expect.stringMatching(/^error: there is no tool named "constructor"/) },
  ]);
  fresh.server.chat({ toolCalls: [callOf('broken', {})] });
  await chat.send('Again');
  expect(lastMessages().at(-1)!.content).toMatch(/^error: .*circular/);
});

test('ends with an error if the model keeps calling', async () => {
  fresh.server.always.chat({ toolCalls: [callOf('get_weather', { city: 'Paris' })] });
  let runs = 0;
  const tool = weather(() => {
    runs += 1;
    return 'rain';
  });
  const chat = fresh.ollama.conversation({ model, tools: [tool] });
  const error = await failureOf(chat.send('Weather?'));
  expect(error).toMatchObject({
    code: 'bad_output',
    retryable: false,
    hint: expect.stringContaining('maxRounds'),
    partial: { message: { tool_calls: [{ function: { name: 'get_weather' } }] } },
  });
  expect(error.message).toBe('chat-model still calls tools after 10 rounds.');
  expect(sent()).toHaveLength(10);
  // The calls of the last answer are not run: nobody would see their results.
  expect(runs).toBe(9);
  expect(chat.messages).toEqual([]);
  await failureOf(fresh.ollama.conversation({ model, tools: [tool], maxRounds: 1 }).send('Weather?'));
  expect(sent()).toHaveLength(11);
});

test('a cancelled turn does not wait for a handler, and aborts its signal', async () => {
  fresh.server.chat({ toolCalls: [callOf('get_weather', { city: 'Paris' })] });
  const cancel = new AbortController();
  let seen: AbortSignal | undefined;
  const tool = weather((_, { signal }) => {
    seen = signal;
    queueMicrotask(() => cancel.abort('enough'));
    return new Promise(() => {});
  });
  const chat = fresh.ollama.conversation({ model, tools: [tool] });
  const error = await failureOf(chat.send('Weather?', { signal: cancel.signal }));
  expect(error).toMatchObject({ code: 'aborted', cause: 'enough', model });
  expect(seen?.reason).toBe('enough');
  expect(chat.messages).toEqual([]);
  expect(sent()).toHaveLength(1);
});

test('an error thrown because of the cancellation is not a result', async () => {
  fresh.server.chat({ toolCalls: [callOf('get_weather', { city: 'Paris' })] });
  const cancel = new AbortController();
  const tool = weather((_, { signal }) => {
    cancel.abort('enough');
    signal.throwIfAborted();
  });
  const chat = fresh.ollama.conversation({ model, tools: [tool] });
  expect(await failureOf(chat.send('Weather?', { signal: cancel.signal }))).toMatchObject({ code: 'aborted' });
  expect(sent()).toHaveLength(1);
});

test('streams the chunks of all rounds; only the last one has done: true', async () => {
  fresh.server
    .chat({ text: 'Let me see.', toolCalls: [callOf('get_weather', { city: 'Paris' })], counts: { answer: 7 } })
    .chat({ text: ['11', ' degrees'], counts: { answer: 3 } });
  const chat = fresh.ollama.conversation({ model, tools: [weather(() => '11 degrees')] });
  const chunks = [];
  for await (const chunk of chat.sendStream('Weather?')) chunks.push(chunk);
  expect(chunks).toMatchObject([
    { message: { content: 'Let me see.' }, done: false },
    { message: { tool_calls: [{ function: { name: 'get_weather' } }] }, done: false },
    { eval_count: 7, done: false },
    { message: { content: '11' }, done: false },
    { message: { content: ' degrees' }, done: false },
    { eval_count: 3, done: true },
  ]);
  expect(chat.messages).toHaveLength(4);
});

test('leaving a stream while a handler runs aborts the handler and drops the turn', async () => {
  fresh.server.chat({ toolCalls: [callOf('get_weather', { city: 'Paris' })] });
  const handler = gate();
  let seen: AbortSignal | undefined;
  const tool = weather((_, { signal }) => {
    seen = signal;
    return handler.pass(new AbortController().signal);
  });
  const chat = fresh.ollama.conversation({ model, tools: [tool] });
  const stream = chat.sendStream('Weather?');
  await stream.next();
  await stream.next();
  const waiting = stream.next();
  await handler.reached;
  await stream.return();
  expect(await waiting).toMatchObject({ done: true });
  expect(seen?.aborted).toBe(true);
  expect(chat.messages).toEqual([]);
});

test('a null reason in every chunk, as gateways write it, ends no round', async () => {
  const line = (content: string, done: boolean) =>
    `${JSON.stringify({ model, message: { role: 'assistant', content }, done, done_reason: done ? 'stop' : null })}\n`;
  fresh.server.on('POST /api/chat', raw({ body: [line('Hel', false), line('lo', false), line('', true)] }));
  const stream = fresh.ollama.conversation({ model }).sendStream('Hi');
  await stream.next();
  await stream.next();
  expect(stream.partial?.message.content).toBe('Hello');
  await stream.result();
});

test('a list of tools that changes later does not change the conversation', async () => {
  fresh.server.chat({ toolCalls: [callOf('get_weather', { city: 'Paris' })] }).chat({ text: 'It is warm.' });
  const tools = [weather(() => 'warm')];
  const chat = fresh.ollama.conversation({ model, tools });
  tools.pop();
  expect((await chat.send('Weather?')).message.content).toBe('It is warm.');
});

test('leaves calls without a handler to the caller, who sends the results', async () => {
  fresh.server
    .chat({ text: 'Let me ask.', toolCalls: [callOf('ask_user', { city: '?' }, 'a')] })
    .chat({ text: 'Fine, Oslo.' });
  const chat = fresh.ollama.conversation({ model, tools: [plainTool], format: 'json' });
  const answer = await chat.send('Plan a trip');
  expect(answer.message.tool_calls).toMatchObject([{ id: 'a', function: { name: 'ask_user' } }]);
  expect(answer).not.toHaveProperty('parsed');
  expect(sent()[0]!['tools']).toEqual([plainTool]);
  const results: Message[] = [{ role: 'tool', content: 'Oslo', tool_name: 'ask_user', tool_call_id: 'a' }];
  const typed = fresh.ollama.conversation({ model, messages: chat.messages, tools: [plainTool] });
  expect((await typed.send(results)).message.content).toBe('Fine, Oslo.');
  expect(lastMessages()).toMatchObject([{ role: 'user' }, { role: 'assistant' }, { role: 'tool', content: 'Oslo' }]);
});

test('with both kinds of calls, runs its own and leaves the others to the caller', async () => {
  fresh.server.chat({ toolCalls: [callOf('get_weather', { city: 'Rome' }), callOf('ask_user', { city: '?' })] });
  const chat = fresh.ollama.conversation({ model, tools: [weather(() => '19 degrees'), plainTool], maxRounds: 1 });
  const answer = await chat.send('Plan a trip');
  expect(answer.message.tool_calls).toMatchObject([{ function: { name: 'ask_user' } }]);
  expect(chat.messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant', tool_calls: [{}, {}] },
    { role: 'tool', tool_name: 'get_weather', content: '19 degrees' },
  ]);
  expect(sent()).toHaveLength(1);
});

test('rejects parameters that cannot describe themselves before anything is sent', () => {
  const validator = { parse: (value: unknown) => value, safeParse: () => ({}) };
  const make = (parameters: object) => () =>
    fresh.ollama.conversation({ model, tools: [{ name: 'add', parameters, run: () => 0 }] });
  expect(make(validator)).toThrow(
    expect.objectContaining({
      code: 'bad_request',
      message: 'parameters of add is a validator that cannot convert itself to JSON Schema.',
    }),
  );
  expect(make(z.object({ at: z.date() }))).toThrow(expect.objectContaining({ code: 'bad_request' }));
});
