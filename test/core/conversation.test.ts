import { type Conversation, type Message, OllamaAbortError } from '@ollama-toolbelt/core/neutral';
import { faults, gate } from '@ollama-toolbelt/ollama-server';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { failureOf } from '../fixtures/core/failure.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted({ retry: false });
const model = 'chat-model';

const sent = () => fresh.server.requestsTo('/api/chat').map(({ body }) => body);
const sentMessages = () => sent().map((body) => body['messages'] as Message[]);
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });

describe('history', () => {
  test('sends the earlier messages, and returns the server’s own answer', async () => {
    fresh.server.chat({ text: ['Hel', 'lo'], counts: { prompt: 5, answer: 2 } }).chat({ text: 'Fine.' });
    const chat = fresh.ollama.conversation({ model, system: 'Be brief.', think: false, keep_alive: '10m' });
    const answer = await chat.send('Hi');
    expect(answer).toMatchObject({ model, message: assistant('Hello'), done: true, prompt_eval_count: 5, notices: [] });
    await chat.send({ role: 'user', content: 'How are you?' });

    const system: Message = { role: 'system', content: 'Be brief.' };
    expect(sent()[0]).toMatchObject({ model, think: false, keep_alive: '10m', messages: [system, user('Hi')] });
    const before = [system, user('Hi'), assistant('Hello'), user('How are you?')];
    expect(sentMessages()[1]).toEqual(before);
    expect(chat.messages).toEqual([...before, assistant('Fine.')]);
    expect(chat.system).toBe('Be brief.');
  });

  test('reset keeps the system prompt, even one that came with the messages', async () => {
    const system: Message = { role: 'system', content: 'Be brief.' };
    const chat = fresh.ollama.conversation({ model, messages: [system, user('Hi'), assistant('Hello')] });
    expect(chat.messages).toHaveLength(3);
    chat.reset();
    expect(chat.messages).toEqual([system]);
    const other = fresh.ollama.conversation({ model, system: 'Be long.', messages: [system, user('Hi')] });
    expect(other.messages).toEqual([{ role: 'system', content: 'Be long.' }, user('Hi')]);
  });

  test('cannot be changed through a message that was passed or returned', async () => {
    fresh.server.chat({ toolCalls: [{ name: 'find', arguments: { id: 1 } }] });
    const given = { role: 'user' as const, content: 'Hi' };
    const chat = fresh.ollama.conversation({ model });
    const answer = await chat.send(given);
    given.content = 'changed';
    answer.message.tool_calls![0]!.function.arguments['id'] = 2;
    chat.messages[1]!.tool_calls![0]!.function.arguments['id'] = 3;
    expect(chat.messages).toMatchObject([user('Hi'), { tool_calls: [{ function: { arguments: { id: 1 } } }] }]);
  });

  test('sends images as base64 and keeps them', async () => {
    const chat = fresh.ollama.conversation({ model });
    fresh.server.chat({ text: 'A cat.' });
    fresh.server.chat({ text: 'Yes.' });
    await chat.send({ role: 'user', content: 'What is this?', images: [Uint8Array.of(1, 2, 3)] });
    await chat.send('Sure?');
    expect(sentMessages()[1]![0]!.images).toEqual(['AQID']);
  });

  test('continues from messages that were stored as JSON, with their images', async () => {
    const before = fresh.ollama.conversation({ model });
    fresh.server.chat({ text: 'A cat.' }).chat({ text: 'Yes.' });
    await before.send({ role: 'user', content: 'What is this?', images: [Uint8Array.of(1, 2, 3), Buffer.from('abc')] });
    const chat = fresh.ollama.conversation({ model, messages: JSON.parse(JSON.stringify(before.messages)) });
    await chat.send('Sure?');
    expect(sentMessages()[1]![0]!.images).toEqual(['AQID', 'YWJj']);
  });

  test('a setting of one turn applies only to that turn', async () => {
    const chat = fresh.ollama.conversation({ model, options: { seed: 1 } });
    await chat.send('Hi', { options: { temperature: 0 }, think: false, model: 'CHAT-MODEL:latest' });
    await chat.send('Hi');
    expect(sent()).toMatchObject([
      { model: 'CHAT-MODEL:latest', think: false, options: { seed: 1, temperature: 0 } },
      { model, options: { seed: 1 } },
    ]);
    expect(sent()[1]).not.toHaveProperty('think');
  });

  test('a second turn waits for the first and sees its answer', async () => {
    const hold = gate();
    fresh.server.chat({ text: ['One', hold] }).chat({ text: 'Two' });
    const chat = fresh.ollama.conversation({ model });
    const first = chat.send('1');
    const second = chat.send('2');
    await hold.reached;
    expect(fresh.server.requestsTo('/api/chat')).toHaveLength(1);
    hold.release();
    await Promise.all([first, second]);
    expect(sentMessages()[1]).toEqual([user('1'), assistant('One'), user('2')]);
  });

  test('a turn can be cancelled while it waits for another; the next still waits', async () => {
    const hold = gate();
    fresh.server.chat({ text: ['One', hold] }).chat({ text: 'Three' });
    const chat = fresh.ollama.conversation({ model });
    const first = chat.send('1');
    await hold.reached;
    const cancel = new AbortController();
    const second = failureOf(chat.send('2', { signal: cancel.signal }));
    const third = chat.send('3');
    cancel.abort('enough');
    expect(await second).toMatchObject({ code: 'aborted', phase: 'queue', cause: 'enough', model });
    expect(fresh.server.requestsTo('/api/chat')).toHaveLength(1);
    hold.release();
    await Promise.all([first, third]);
    expect(chat.messages).toEqual([user('1'), assistant('One'), user('3'), assistant('Three')]);
  });

  test('a reset during a turn wins', async () => {
    const hold = gate();
    fresh.server.chat({ text: ['One', hold] });
    const chat = fresh.ollama.conversation({ model });
    const first = chat.send('1');
    await hold.reached;
    chat.reset();
    hold.release();
    expect((await first).message.content).toBe('One');
    expect(chat.messages).toEqual([]);
  });
});

describe('a turn that does not count', () => {
  const history = [user('Hi'), assistant('Hello')];
  let chat: Conversation;
  beforeEach(() => {
    chat = fresh.ollama.conversation({ model, messages: history });
  });
  afterEach(async () => {
    expect(chat.messages).toEqual(history);
    await fresh.server.allClosed();
    fresh.server.chat({ text: 'Again' });
    await chat.send('Still there?');
    expect(chat.messages).toHaveLength(4);
  });

  test('failed', async () => {
    fresh.server.chat(faults.serverError());
    expect(await failureOf(chat.send('x'))).toMatchObject({ code: 'server_error' });
  });

  test('failed in the middle', async () => {
    fresh.server.chat(faults.cutWithoutDone());
    expect(await failureOf(chat.send('x'))).toMatchObject({ code: 'truncated', partial: { done: false } });
  });

  test('cancelled', async () => {
    const hold = gate();
    fresh.server.chat({ text: ['Some', hold] });
    const cancel = new AbortController();
    const failed = failureOf(chat.send('x', { signal: cancel.signal }));
    await hold.reached;
    cancel.abort(new Error('enough'));
    const error = await failed;
    expect(error).toBeInstanceOf(OllamaAbortError);
    expect(error.cause).toEqual(new Error('enough'));
    expect(await fresh.server.requestsTo('/api/chat')[0]!.closed).toBe('aborted');
  });

  test('cancelled before it began', async () => {
    expect(await failureOf(chat.send('x', { signal: AbortSignal.abort('no') }))).toMatchObject({ code: 'aborted' });
    expect(fresh.server.requests).toHaveLength(0);
  });

  test('left', async () => {
    const hold = gate();
    fresh.server.chat({ text: ['Some', 'thing', hold] });
    for await (const chunk of chat.sendStream('x')) {
      expect(chunk.message.content).toBe('Some');
      break;
    }
    expect(await fresh.server.requestsTo('/api/chat')[0]!.closed).toBe('aborted');
  });

  test('left while a chunk is pending', async () => {
    const hold = gate();
    fresh.server.chat({ text: ['Some', hold] });
    const stream = chat.sendStream('x');
    await stream.next();
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await fresh.server.requestsTo('/api/chat')[0]!.closed).toBe('aborted');
  });

  test('never begun', () => {
    chat.sendStream('x');
  });

  test('answered in another format than requested', async () => {
    fresh.server.chat({ text: 'no JSON' });
    const error = await failureOf(chat.send('x', { format: 'json' }));
    expect(error).toMatchObject({ code: 'bad_output', partial: { message: { content: 'no JSON' } } });
  });
});

describe('sendStream', () => {
  test('a reader may stop at the last chunk, and even drop the stream', async () => {
    fresh.server.chat({ text: ['Hel', 'lo'] }).chat({ text: 'Fine' });
    const chat = fresh.ollama.conversation({ model });
    const texts: string[] = [];
    for await (const chunk of chat.sendStream('Hi')) {
      texts.push(chunk.message.content);
      if (chunk.done) break;
    }
    expect(texts).toEqual(['Hel', 'lo', '']);
    const stream = chat.sendStream('And?');
    for (let chunk = await stream.next(); !chunk.done && !chunk.value.done; chunk = await stream.next());
    expect((await chat.send('So?')).done).toBe(true);
    expect(chat.messages.map(({ role }) => role)).toEqual(Array(3).fill(['user', 'assistant']).flat());
  });
});

test('messages may be proxies, which web frameworks use for state, and images bytes of any kind', async () => {
  const images = [Buffer.from('abc'), new Uint8Array([97, 98, 99]).subarray(1)];
  fresh.server.chat({ text: 'A cat.' });
  const message = new Proxy({ ...user('Hi'), images: new Proxy(images, {}) }, {});
  const chat = fresh.ollama.conversation({ model, messages: new Proxy([new Proxy(user('Before'), {})], {}) });
  await chat.send(message);
  images.length = 0;
  expect(sentMessages()[0]).toEqual([user('Before'), { ...user('Hi'), images: ['YWJj', 'YmM='] }]);
  expect(chat.messages[1]!.images).toEqual(['YWJj', 'YmM=']);
});

describe('format', () => {
  test('returns the value, typed by the schema of the turn or of the conversation', async () => {
    const City = z.object({ name: z.string() });
    fresh.server.always.chat({ text: '{"name":"Oslo"}' });
    const chat = fresh.ollama.conversation({ model });
    const answer = await chat.send('A city?', { format: City });
    expectTypeOf(answer.parsed).toEqualTypeOf<{ name: string }>();
    expect(answer.parsed).toEqual({ name: 'Oslo' });
    expect(sent()[0]!['format']).toMatchObject({ type: 'object', required: ['name'] });

    const plain = await chat.send('A city?');
    expectTypeOf(plain['parsed']).toBeUnknown();
    expect(plain).not.toHaveProperty('parsed');

    const typed = await fresh.ollama.conversation({ model, format: City }).send('A city?');
    expectTypeOf(typed.parsed).toEqualTypeOf<{ name: string }>();
    expect(typed.parsed).toEqual({ name: 'Oslo' });
  });
});
