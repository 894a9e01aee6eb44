import type { Message } from '@ollama-toolbelt/core/neutral';
import { failWith, faults } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted({ retry: false });
const model = 'chat-model';

const sent = () => fresh.server.requestsTo('/api/chat').map(({ body }) => body);
const sentCounts = () => sent().map((body) => (body['messages'] as Message[]).length);
const lastSent = () => sent().at(-1)!['messages'] as Message[];

/** A turn of 4 + 50 tokens and an answer of 4 + 50, by the initial estimate. */
const text = (label: string) => label.padEnd(175, '.');
const turnsOf = (count: number): Message[] =>
  Array.from({ length: count }, (_, index): Message[] => [
    { role: 'user', content: text(`question ${index}`) },
    { role: 'assistant', content: text(`answer ${index}`) },
  ]).flat();

test('cuts the oldest turns in one block when num_ctx is full, and reports it', async () => {
  fresh.server.always.chat({ text: text('answer') });
  // 1024 less a quarter leaves 768: 7 turns of 108 and 4 + 15 + 54 more are 829, cut down to at most 538.
  const options = { num_ctx: 1024 };
  const chat = fresh.ollama.conversation({ model, system: 'Be brief. '.repeat(5), messages: turnsOf(7), options });
  const answer = await chat.send(text('question 7'));
  expect(answer.notices).toContainEqual({
    code: 'history_trimmed',
    messages: 6,
    message: 'The conversation has outgrown its context: the oldest messages were left out (6 of them).',
  });
  expect(sent()[0]).toMatchObject({ truncate: false, options });
  expect(lastSent()[0]!.role).toBe('system');
  expect(lastSent().slice(1)).toMatchObject([...turnsOf(7).slice(6), { role: 'user' }]);
  expect(chat.messages).toHaveLength(11);
  // The setting is enough: no request to the server.
  expect(fresh.server.requestsTo('/api/ps')).toHaveLength(0);
});

test('the turns after a cut need none: the beginning of the prompt stays the same', async () => {
  fresh.server.always.chat({ text: text('answer'), counts: { prompt: 0 } });
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(7), options: { num_ctx: 1024 } });
  await chat.send(text('question 7'));
  await chat.send(text('question 8'));
  await chat.send(text('question 9'));
  const [first, second] = sent().map((body) => body['messages'] as Message[]);
  expect(second!.slice(0, first!.length)).toEqual(first);
  expect(sentCounts()).toEqual([9, 11, 13]);
});

test('leaves room for the answer: num_predict, at most half of the context', async () => {
  const messages = turnsOf(7);
  await fresh.ollama.conversation({ model, messages, options: { num_ctx: 1024, num_predict: 100 } }).send(text('x'));
  await fresh.ollama.conversation({ model, messages, options: { num_ctx: 1024, num_predict: 300 } }).send(text('x'));
  await fresh.ollama.conversation({ model, messages, options: { num_ctx: 2048, num_predict: 9000 } }).send(text('x'));
  expect(sentCounts()).toEqual([15, 9, 15]);
});

test('maxTokens is a separate limit', async () => {
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(7), maxTokens: 400 });
  await chat.send(text('x'));
  expect(sentCounts()).toEqual([5]);
  expect(sent()[0]).toMatchObject({ truncate: false });
});

test('without num_ctx the loaded model’s context is the limit', async () => {
  let asked = 0;
  fresh.server.always.ps(() => {
    asked += 1;
    return { models: asked === 1 ? [] : [{ name: 'Chat-Model:latest', model, context_length: 1024 }] };
  });
  const chat = fresh.ollama.conversation({ model });
  await chat.send(text('question 0'));
  // Nothing to cut yet, so no request.
  expect(asked).toBe(0);

  // Not loaded: no limit is known, and the server decides.
  fresh.server.always.chat({ text: text('answer'), counts: { prompt: 0 } });
  await chat.send(text('question 1'));
  expect(asked).toBe(1);
  expect(sent()[1]).not.toHaveProperty('truncate');

  for (let index = 2; index < 10; index++) await chat.send(text(`question ${index}`));
  expect(asked).toBe(2);
  expect(sent()[2]).toMatchObject({ truncate: false });
  expect(Math.max(...sentCounts())).toBeLessThan(16);
});

test('asks again when the model changes; a server that cannot say counts as unlimited', async () => {
  fresh.server.always.ps({ models: [{ name: `${model}:latest`, model, context_length: 1024 }] });
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(3) });
  await chat.send('x');
  await chat.send('x', { model: 'thinking-model' });
  expect(fresh.server.requestsTo('/api/ps')).toHaveLength(2);
  expect(sent().map(({ truncate }) => truncate)).toEqual([false, undefined]);

  fresh.server.always.ps(failWith(500, 'no'));
  await fresh.ollama.conversation({ model, messages: turnsOf(3) }).send('x');
  expect(sent().at(-1)).not.toHaveProperty('truncate');
});

test('learns from the server’s counts how long its tokens are', async () => {
  // Three times as many tokens as the initial estimate.
  fresh.server.chat({ text: text('answer 3'), counts: { prompt: 1200, answer: 162 } });
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(3), options: { num_ctx: 2000 } });
  await chat.send(text('question 3'));
  await chat.send(text('question 4'));
  // By the initial estimate all nine would have been sent.
  expect(sentCounts()).toEqual([7, 5]);
});

test('ignores the count of a prompt that the server truncated', async () => {
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(20) });
  fresh.server.chat({ text: 'ok', counts: { prompt: 17, answer: 1 } });
  fresh.server.ps({ models: [] }).ps({ models: [{ name: model, model, context_length: 1024 }] });
  await chat.send('x');
  await chat.send('y');
  expect(sentCounts()[1]).toBeLessThan(12);
});

test('keeps a call with its results, and all rounds of the last turn', async () => {
  const round = (index: number): Message[] => [
    { role: 'user', content: text(`question ${index}`) },
    { role: 'assistant', content: '', tool_calls: [{ function: { name: 'look', arguments: { index } } }] },
    { role: 'tool', content: text(`result ${index}`), tool_name: 'look' },
    { role: 'assistant', content: text(`answer ${index}`) },
  ];
  fresh.server
    .chat({ toolCalls: [{ name: 'look', arguments: { index: 9 } }], counts: { prompt: 0 } })
    .chat({ text: 'Found.', counts: { prompt: 0 } });
  const look = { name: 'look', run: () => 'r'.repeat(1750) };
  const messages = [0, 1, 2].flatMap(round);
  const chat = fresh.ollama.conversation({ model, messages, tools: [look], options: { num_ctx: 1024 } });
  const answer = await chat.send('And 9?');
  const [first, second] = sent().map((body) => body['messages'] as Message[]);
  expect(first).toHaveLength(13);
  expect(second!.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  expect(answer.notices.filter(({ code }) => code === 'history_trimmed')).toMatchObject([
    { message: expect.stringContaining('12 of them') },
  ]);
  expect(chat.messages).toHaveLength(4);
});

test('puts the notice on the last chunk of a stream', async () => {
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(7), options: { num_ctx: 1024 } });
  fresh.server.chat({ text: ['a', 'b'], counts: { prompt: 500 } });
  const chunks = [];
  for await (const chunk of chat.sendStream(text('x'))) chunks.push(chunk);
  expect(chunks.at(-1)!.notices).toMatchObject([{ code: 'history_trimmed' }]);
  expect(chunks.slice(0, -1).some((chunk) => chunk.notices)).toBe(false);
});

test('trims more and retries once if the server still reports that it is too long', async () => {
  // Its counts: 10008 tokens, where the estimate was about 500, and a context of 512.
  fresh.server.chat(faults.nestedError()).chat({ text: 'ok' });
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(4), options: { num_ctx: 1024 } });
  const answer = await chat.send('x');
  expect(sentCounts()).toEqual([9, 1]);
  expect(answer.notices).toMatchObject([{ code: 'history_trimmed', message: expect.stringContaining('8 of them') }]);
  expect(chat.messages).toHaveLength(2);
});

test('the notice counts the messages dropped before the first and the second attempt', async () => {
  fresh.server.chat(faults.nestedError()).chat({ text: 'ok' });
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(9), options: { num_ctx: 1024 } });
  const { notices } = await chat.send('x');
  expect(sentCounts()).toEqual([9, 1]);
  expect(notices).toMatchObject([{ code: 'history_trimmed', messages: 18 }]);
});

test('halves the prompt if the server reports no counts', async () => {
  fresh.server.chat(failWith(400, 'the input length exceeds the context length')).chat({ text: 'ok' });
  fresh.server.ps({ models: [] });
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(4) });
  await chat.send(text('x'));
  expect(sentCounts()).toEqual([9, 3]);
});

test('does not retry if the context fills up in the middle of an answer: chunks were already delivered', async () => {
  const words = 'request (10008 tokens) exceeds the available context size (512 tokens), try increasing it';
  fresh.server.chat(faults.errorLine(words)).chat({ text: 'again' });
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(4), options: { num_ctx: 1024 } });
  const stream = chat.sendStream('x');
  let given = '';
  const read = async () => {
    for await (const { message } of stream) given += message.content;
  };
  const error = await failureOf(read());
  expect(error).toMatchObject({ code: 'context_exceeded', partial: { message: { content: given } } });
  expect(given).not.toBe('');
  expect(sentCounts()).toEqual([9]);
});

test('gives up after the second attempt, with the history unchanged', async () => {
  fresh.server.always.chat(faults.nestedError());
  const chat = fresh.ollama.conversation({ model, messages: turnsOf(4), options: { num_ctx: 1024 } });
  expect(await failureOf(chat.send('x'))).toMatchObject({ code: 'context_exceeded' });
  expect(sentCounts()).toEqual([9, 1]);
  expect(chat.messages).toEqual(turnsOf(4));
});

test('a last message that is too long by itself is an error at once', async () => {
  fresh.server.chat(faults.nestedError());
  const chat = fresh.ollama.conversation({ model, system: 'Be brief.', options: { num_ctx: 512 } });
  expect(await failureOf(chat.send('Hello there. '.repeat(2500)))).toMatchObject({
    code: 'context_exceeded',
    hint: expect.stringContaining('num_ctx'),
  });
  expect(sentCounts()).toEqual([2]);
  expect(chat.messages).toHaveLength(1);
});
