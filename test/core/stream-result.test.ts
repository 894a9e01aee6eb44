import { OllamaAbortError } from '@ollama-toolbelt/core/neutral';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { streamingCalls } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';

const model = 'chat-model';
const messages = [{ role: 'user' as const, content: 'Hi' }];
const timeless = (answer: object) => ({ ...answer, created_at: expect.any(String) });

describe.each(transports)('on $transport', ({ createOllama }) => {
  test.each(['without a loop', 'in the middle of the loop', 'after the loop'])(
    'result gives what chat and generate give: %s',
    async (when) => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      const answer = {
        thinking: ['Hm', ', so'],
        text: ['Hel', 'lo ', '😀'],
        toolCalls: [{ name: 'look_up', arguments: { city: 'Oslo' } }],
        logprobs: [[{ token: 'Hel', logprob: -0.1 }], [], [{ token: '😀', logprob: -0.2 }]],
        doneReason: 'length' as const,
        counts: { prompt: 7, answer: 3 },
      };
      server.always.chat(answer);
      server.always.generate({ ...answer, toolCalls: [] });
      const streams = [
        { whole: await ollama.chat({ model, messages }), stream: ollama.chatStream({ model, messages }) },
        {
          whole: await ollama.generate({ model, prompt: 'Hi' }),
          stream: ollama.generateStream({ model, prompt: 'Hi' }),
        },
      ];
      for (const { whole, stream } of streams) {
        if (when === 'in the middle of the loop') await stream.next();
        if (when === 'after the loop') for await (const _ of stream);
        expect(await stream.result()).toEqual(timeless(whole));
        expect(whole.notices).toEqual([expect.objectContaining({ code: 'stopped_at_length' })]);
      }
    },
  );

  test('partial grows with every chunk, in the shape of the complete answer', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.chat({ thinking: ['Hm', '.'], text: ['Hel', 'lo ', 'there'] });
    const stream = ollama.chatStream({ model, messages });
    expect(stream.partial).toBeUndefined();
    let content = '';
    let thinking = '';
    for await (const chunk of stream) {
      content += chunk.message.content;
      thinking += chunk.message.thinking ?? '';
      expect(stream.partial?.message).toEqual({
        role: 'assistant',
        content,
        ...(thinking !== '' && { thinking }),
      });
      expect(stream.partial?.done).toBe(chunk.done);
    }
    expect(content).toBe('Hello there');
  });

  test('result has the value of the format, and rejects an answer that does not match it', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const format = z.object({ age: z.number() });
    server.chat({ text: ['{"age"', ': 7}'] }).chat({ text: 'seven' });
    expect((await ollama.chatStream({ model, messages, format }).result()).parsed).toEqual({ age: 7 });
    const stream = ollama.chatStream({ model, messages, format });
    for await (const _ of stream);
    await expect(stream.result()).rejects.toMatchObject({
      code: 'bad_output',
      partial: { message: { content: 'seven' } },
    });
  });

  test.each(streamingCalls)('$name: result is the last line or the complete answer', async ({ stream: open }) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const stream = open(ollama);
    const whole = await stream.result();
    let last: object | undefined;
    for await (const line of stream) last = line;
    expect(whole).toMatchObject('status' in whole ? last! : { done: true });
    expect(await stream.result()).toBe(whole);
  });

  test.each(streamingCalls)('$name: result fails as the loop does', async ({ stream: open }) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    server.on('*', faults.cutMidLine());
    const stream = open(ollama);
    const looped = await (async () => {
      for await (const _ of stream);
    })().catch((error: unknown) => error);
    expect(looped).toMatchObject({ code: expect.stringMatching(/truncated|reset/) });
    expect(await stream.result().catch((error: unknown) => error)).toBe(looped);
    expect((looped as { partial?: unknown }).partial).toEqual(stream.partial);
  });

  test('a stream that was left says so, and keeps what had arrived', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const stop = gate();
    server.on('*', faults.stallMidStream(stop));
    const stream = ollama.chatStream({ model, messages });
    const result = stream.result().catch((error: unknown) => error);
    await stop.reached;
    await stream.return();
    expect(await result).toBeInstanceOf(OllamaAbortError);
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('a conversation: partial and result are the answer of the current round', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server
      .chat({ text: 'Let me look.', toolCalls: [{ name: 'look_up', arguments: {} }] })
      .chat({ text: ['Eleven', ' degrees'] });
    const chat = ollama.conversation({ model, tools: [{ name: 'look_up', run: () => 'eleven' }] });
    const stream = chat.sendStream('How warm is it?');
    const seen: (string | undefined)[] = [];
    for await (const _ of stream) seen.push(stream.partial?.message.content);
    expect(stream.partial?.message.content).toBe('Eleven degrees');
    expect(seen).toContain('Let me look.');
    expect(seen).toContain('Eleven');
    const answer = await stream.result();
    expect(answer).toMatchObject({ message: { content: 'Eleven degrees' }, done: true, notices: [] });
    expect(chat.messages.at(-1)).toMatchObject({ role: 'assistant', content: 'Eleven degrees' });
  });

  test('a conversation: result has the value of the format', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.always.chat({ text: '{"age": 7}' });
    const chat = ollama.conversation({ model, format: z.object({ age: z.number() }) });
    expect((await chat.sendStream('How old?').result()).parsed).toEqual({ age: 7 });
    expect((await chat.send('How old?')).parsed).toEqual({ age: 7 });
  });
});
