import { describe, expect, test } from 'vitest';
import { OllamaAbortError, OllamaError } from '../errors/errors.ts';
import type { ChatRequest, ChatResponse, Message, PsResponse } from '../schemas/interfaces.ts';
import { ContextWindow, type WindowOptions } from './context-window.ts';

/** 4 and 100 tokens by the initial estimate. */
const longText = (label: string): string => label.padEnd(350, '.');
const turns = (count: number): Message[] =>
  Array.from({ length: count }, (_, index): Message[] => [
    { role: 'user', content: longText(`question ${index}`) },
    { role: 'assistant', content: longText(`answer ${index}`) },
  ]).flat();
const question: Message = { role: 'user', content: longText('now') };

const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({ model: 'm', messages: [], ...more });
const loaded = (name: string, context_length: number) =>
  ({ models: [{ name, context_length }] }) as unknown as PsResponse;

function open({ maxTokens, ps = { models: [] } }: { maxTokens?: number; ps?: PsResponse | Error } = {}) {
  const asked: unknown[] = [];
  const options: WindowOptions = {
    maxTokens,
    ps: async (call) => {
      asked.push(call);
      if (ps instanceof Error) throw ps;
      return ps;
    },
  };
  return { window: new ContextWindow(options), asked };
}

describe('the budget', () => {
  test.each([
    // A quarter is left for the answer.
    [{ options: { num_ctx: 1000 } }, 750],
    [{ options: { num_ctx: 1001 } }, 751],
    [{ options: { num_ctx: 1000, num_predict: 100 } }, 900],
    [{ options: { num_ctx: 1000, num_predict: 5000 } }, 500],
    [{ options: { num_ctx: 1000, num_predict: 0 } }, 750],
    [{ options: { num_ctx: 1000, num_predict: -2 } }, 750],
  ])('of %j is %i', async (more, budget) => {
    expect(await open().window.fit([question], request(more), {})).toEqual({
      messages: [question],
      dropped: 0,
      budget,
    });
  });

  test('is maxTokens if that is smaller, even if the context is unknown', async () => {
    const { window } = open({ maxTokens: 600 });
    expect(await window.fit([question], request(), {})).toMatchObject({ budget: 600 });
    expect(await window.fit([question], request({ options: { num_ctx: 1000 } }), {})).toMatchObject({ budget: 600 });
    expect(await window.fit([question], request({ options: { num_ctx: 400 } }), {})).toMatchObject({ budget: 300 });
  });

  test('is unlimited if nothing is known, and then nothing is dropped', async () => {
    const messages = [...turns(500), question];
    expect(await open().window.fit(messages, request(), {})).toEqual({ messages, dropped: 0, budget: undefined });
  });
});

describe('requests to the server', () => {
  const messages = [...turns(1), question];

  test('one per model, however its name is written', async () => {
    const { window, asked } = open({ ps: loaded('m:latest', 1000) });
    const call = { headers: { a: 'b' } };
    for (let turn = 0; turn < 2; turn++)
      expect(await window.fit(messages, request(), call)).toMatchObject({ budget: 750 });
    expect(asked).toEqual([call]);
    await window.fit(messages, request({ model: 'n' }), call);
    expect(asked).toHaveLength(2);
  });

  test('none if the request sets the context, or if nothing can be dropped', async () => {
    const { window, asked } = open({ ps: loaded('m', 1000) });
    await window.fit(messages, request({ options: { num_ctx: 500 } }), {});
    await window.fit([question], request(), {});
    expect(asked).toEqual([]);
  });

  test.each([
    ['fails', new OllamaError('no', { code: 'server_error' })],
    [
      'fails because the call is cancelled, which the request itself reports',
      new OllamaAbortError('left', { code: 'aborted' }),
    ],
    ['does not have the model in memory', loaded('other', 1000)],
    ['does not report it', { models: [{ name: 'm' }] } as unknown as PsResponse],
  ])('that %s sets no limit', async (_, ps) => {
    expect(await open({ ps }).window.fit(messages, request(), {})).toMatchObject({ dropped: 0, budget: undefined });
  });
});

describe('messages that do not fit', () => {
  const limited = (num_ctx: number, more: Partial<ChatRequest> = {}) => request({ options: { num_ctx }, ...more });
  const countOf = async (messages: Message[], asked: ChatRequest) =>
    (await open().window.fit(messages, asked, {})).messages.length;

  test('are dropped turn by turn down to 70% of the limit', async () => {
    // 9 messages of 104 are 936, plus a rounding error.
    const messages = [...turns(4), question];
    expect(await countOf(messages, limited(1252))).toBe(9);
    expect(await countOf(messages, limited(1244))).toBe(5);
  });

  test('are more with tools, which use part of the context', async () => {
    const messages = [...turns(4), question];
    const tool = { type: 'function', function: { name: 'f', description: 'x'.repeat(350), parameters: {} } } as const;
    expect(await countOf(messages, limited(1350))).toBe(9);
    expect(await countOf(messages, limited(1350, { tools: [tool] }))).toBe(5);
    expect(await countOf(messages, limited(1350, { tools: [] }))).toBe(9);
  });

  test('do not include the thinking of earlier turns, which templates leave out', async () => {
    const thinking = 'x'.repeat(350);
    const messages = turns(4);
    const early = messages.map((message, at) => (at === 3 ? { ...message, thinking } : message));
    expect(await countOf([...early, question], limited(1252))).toBe(9);
    // The thinking of the last turn counts.
    const now: Message[] = [...messages, question, { role: 'assistant', content: '', thinking }];
    expect(await countOf(now, limited(1262))).toBe(6);
    expect(await countOf(now, limited(1400))).toBe(10);
  });
});

describe('after the server reports that the prompt is too long', () => {
  const tooLong = (facts: object = {}) => new OllamaError('too long', { code: 'context_exceeded', ...facts });
  const messages = [...turns(8), question];

  test('its counts say how much has to go', async () => {
    const { window, asked } = open();
    // Twice as many tokens as the estimate, 17 * 104 = 1768.
    const error = tooLong({ tokens: 3536, contextLength: 4000 });
    const harder = await window.fitHarder(messages, request(), {}, error);
    // Half of it is 1768 tokens, which is less than the budget: eight messages of 208.
    expect(harder).toMatchObject({ dropped: 10, budget: 3000 });
    expect(harder?.messages).toEqual(messages.slice(10));
    expect(asked).toEqual([]);
    // Learned from the counts.
    expect((await window.fit(messages, request(), {})).messages.length).toBeLessThan(17);
  });

  test('without counts the client asks the server and drops half of the history', async () => {
    const { window, asked } = open({ ps: loaded('m', 100_000) });
    await window.fit(messages, request(), {});
    expect(await window.fitHarder(messages, request(), {}, tooLong({ tokens: 5 }))).toMatchObject({
      dropped: 10,
      budget: 75_000,
    });
    expect(asked).toHaveLength(2);
  });

  test('more is dropped if the context is smaller than half of it', async () => {
    const { window } = open({ ps: loaded('m', 800) });
    expect(await window.fitHarder(messages, request(), {}, tooLong())).toMatchObject({ dropped: 14, budget: 600 });
  });

  test('gives up if nothing can be dropped', async () => {
    expect(await open().window.fitHarder([question], request(), {}, tooLong())).toBe(undefined);
  });
});

describe('the counts of an answer', () => {
  const answer = (prompt_eval_count: number | undefined, eval_count?: number) =>
    ({
      model: 'm',
      message: { role: 'assistant', content: longText('a') },
      prompt_eval_count,
      eval_count,
    }) as ChatResponse;
  const messages = [...turns(4), question];
  const after = async (learn: (window: ContextWindow) => void) => {
    const { window } = open();
    learn(window);
    return (await window.fit(messages, request({ options: { num_ctx: 2000 } }), {})).messages.length;
  };

  test('teach how many tokens its texts have', async () => {
    expect(await after(() => {})).toBe(9);
    // 936 and 104 by the estimate.
    expect(await after((window) => window.learn(messages, request(), answer(1872, 208)))).toBe(5);
    expect(await after((window) => window.learn(messages, request(), answer(936, 104)))).toBe(9);
  });

  test('teach nothing if they are missing, or if the server truncated the prompt', async () => {
    expect(await after((window) => window.learn(messages, request(), answer(undefined)))).toBe(9);
    const cut = (window: ContextWindow) => {
      window.learn(messages, request(), answer(1872, 208));
      window.learn(messages, request(), answer(400, 10));
    };
    expect(await after(cut)).toBe(5);
    // A server that may not truncate reports an error instead.
    const whole = (window: ContextWindow) => {
      window.learn(messages, request(), answer(1872, 208));
      window.learn(messages, request({ truncate: false }), answer(400, 10));
    };
    expect(await after(whole)).toBe(9);
  });
});
