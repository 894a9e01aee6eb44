import type { Message } from '@ollama-toolbelt/core/neutral';
import { ChatResponse } from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { imageRefusal, redSquare } from './generate.ts';
import { pirate, steady, words } from './pocket-answers.ts';
import { answeredOrRefused, valid, validChunks } from './responses.ts';

const user = (content: string): Message => ({ role: 'user', content });

/** Responses of the server to a conversation. */
export function chatContract(test: ContractTest): void {
  test('chat', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const messages = [user(words.sky.prompt)];
    const answer = valid(ChatResponse, await ollama.chat({ model, messages, options: steady }));
    expect(answer).toMatchObject({ done: true, message: { role: 'assistant' } });
    expect(answer.done_reason).toMatch(/^(stop|length)$/);
    expect(`${answer.message.content}${answer.message.thinking ?? ''}`).not.toBe('');
    expect(answer.prompt_eval_count).toBeGreaterThan(0);
    expect(answer.eval_count).toBeGreaterThan(0);
    if (canAssumeWords) expect(answer.message.content).toBe(words.sky.answer);
  });

  test('chat, streamed', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const request = { model, messages: [user(words.sky.prompt)], options: steady };
    const chunks = await validChunks(ChatResponse, ollama.chatStream(request));
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map(({ done }) => done)).toEqual([...chunks.slice(1).map(() => false), true]);
    expect(chunks.every(({ message }) => message.role === 'assistant')).toBe(true);
    if (canAssumeWords) expect(chunks.map(({ message }) => message.content).join('')).toBe(words.sky.answer);
  });

  test('chat: earlier messages', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const before = [user(words.name.statement), { role: 'assistant' as const, content: words.name.reply }];
    const request = { model, messages: [...before, user(words.name.prompt)], options: steady };
    const answer = valid(ChatResponse, await ollama.chat(request));
    if (canAssumeWords) expect(answer.message.content).toBe(words.name.answer);
  });

  test('chat: system message', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const messages: Message[] = [{ role: 'system', content: pirate }, user(words.sky.prompt)];
    const answer = valid(ChatResponse, await ollama.chat({ model, messages, options: steady }));
    if (canAssumeWords) expect(answer.message.content).toBe(words.sky.pirate);
  });

  test('chat: an answer that reaches its maximum length, and the notice of it', async ({
    ollama,
    chatModel: model,
  }) => {
    const request = { model, messages: [user(words.sky.prompt)], options: { ...steady, num_predict: 3 } };
    const answer = await ollama.chat(request);
    expect(valid(ChatResponse, answer)).toMatchObject({ done_reason: 'length', eval_count: 3 });
    expect(answer.notices.map(({ code }) => code)).toContain('stopped_at_length');
    const chunks: { notices?: { code: string }[] }[] = [];
    for await (const chunk of ollama.chatStream(request)) chunks.push(chunk);
    expect(chunks.at(-1)?.notices?.map(({ code }) => code)).toContain('stopped_at_length');
    expect(chunks.slice(0, -1).filter(({ notices }) => notices !== undefined)).toEqual([]);
  });

  test('chat: log probabilities', async ({ ollama, chatModel: model }) => {
    const options = { ...steady, num_predict: 3 };
    const request = { model, messages: [user(words.sky.prompt)], logprobs: true, top_logprobs: 2, options };
    const answer = valid(ChatResponse, await ollama.chat(request));
    expect(answer.logprobs?.length).toBeGreaterThan(0);
    for (const { top_logprobs } of answer.logprobs ?? []) expect(top_logprobs).toHaveLength(2);
  });

  test('chat: thinking', async ({ ollama, modelThatCan, canAssumeWords }) => {
    const request = {
      model: modelThatCan('thinking'),
      messages: [user(words.sky.prompt)],
      think: true,
      options: steady,
    };
    const { message } = valid(ChatResponse, await ollama.chat(request));
    expect(message.thinking).toMatch(/\S/);
    if (canAssumeWords) expect(message).toMatchObject({ thinking: words.sky.thought, content: words.sky.answer });
  });

  test('chat: thinking comes before the answer, streamed', async ({ ollama, modelThatCan }) => {
    const request = {
      model: modelThatCan('thinking'),
      messages: [user(words.sky.prompt)],
      think: true,
      options: steady,
    };
    const messages = (await validChunks(ChatResponse, ollama.chatStream(request))).map(({ message }) => message);
    const kinds = messages.map(({ thinking, content }) => (thinking ? 'thought' : content ? 'text' : 'nothing'));
    expect(kinds[0]).toBe('thought');
    const firstText = kinds.indexOf('text');
    if (firstText !== -1) expect(kinds.lastIndexOf('thought')).toBeLessThan(firstText);
  });

  test('chat: think is false for every model', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const request = { model, messages: [user(words.sky.prompt)], think: false, options: steady };
    const answer = valid(ChatResponse, await ollama.chat(request));
    if (canAssumeWords) expect(answer.message).toEqual({ role: 'assistant', content: words.sky.answer });
  });

  test('chat: a level of thinking', async ({ ollama, modelThatCan }) => {
    const options = { ...steady, num_predict: 8 };
    const request = {
      model: modelThatCan('thinking'),
      messages: [user(words.sky.prompt)],
      think: 'low' as const,
      options,
    };
    valid(ChatResponse, await ollama.chat(request));
  });

  test('chat: an image', async ({ ollama, modelThatCan }) => {
    const messages: Message[] = [{ ...user('What is this?'), images: [`data:image/png;base64,${redSquare}`] }];
    const options = { ...steady, num_predict: 8 };
    valid(ChatResponse, await ollama.chat({ model: modelThatCan('vision'), messages, options }));
  });

  test('chat: an image with a model that cannot see', async ({ ollama, chatModelWithout }) => {
    const messages: Message[] = [{ ...user('What is this?'), images: [Buffer.from(redSquare, 'base64')] }];
    const request = { model: chatModelWithout('vision'), messages, options: { ...steady, num_predict: 4 } };
    await answeredOrRefused(ChatResponse, ollama.chat(request), imageRefusal);
  });

  test('chat: a long history is truncated silently, and a notice reports it', async ({
    ollama,
    chatModel: model,
    can,
    skip,
  }) => {
    // A vision model has a context of at least 2,048 tokens.
    if (can(model, 'vision')) return skip('the chat model can see, and its context cannot be made small');
    const before = [user('Hello there. '.repeat(300)), { role: 'assistant' as const, content: 'Hi.' }];
    const request = {
      model,
      messages: [...before, user(words.sky.prompt)],
      options: { ...steady, num_ctx: 512, num_predict: 5 },
    };
    const answer = await ollama.chat(request);
    expect(valid(ChatResponse, answer).prompt_eval_count).toBeLessThan(300);
    expect(answer.notices.map(({ code }) => code)).toContain('prompt_cut');
  });

  test('conversation', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const conversation = ollama.conversation({ model, system: 'You are helpful.', options: steady });
    valid(ChatResponse, await conversation.send(words.name.statement));
    const chunks = await validChunks(ChatResponse, conversation.sendStream(words.name.prompt));
    expect(chunks.at(-1)?.done).toBe(true);
    expect(conversation.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant']);
    if (canAssumeWords) expect(conversation.messages.at(-1)?.content).toBe(words.name.answer);
    conversation.reset();
    expect(conversation.messages.map(({ role }) => role)).toEqual(['system']);
  });
}
