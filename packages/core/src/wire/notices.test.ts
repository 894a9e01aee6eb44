import { describe, expect, test } from 'vitest';
import { AnswerNotices } from './notices.ts';

type Request = Parameters<AnswerNotices['of']>[0];
type Answer = Parameters<AnswerNotices['of']>[1];

const of = (request: object, answer: object, notices = new AnswerNotices()) =>
  notices.of({ model: 'm', ...request } as Request, { done: true, ...answer } as Answer);

test('an answer with nothing to report has no notices', () => {
  expect(of({ prompt: 'Hi' }, { response: 'Hello', prompt_eval_count: 2, eval_count: 1, done_reason: 'stop' })).toEqual(
    [],
  );
});

describe('a truncated prompt', () => {
  const prompt = 'x'.repeat(1201);

  test('has more than twelve characters for each token', () => {
    expect(of({ prompt }, { prompt_eval_count: 100 })).toEqual([
      {
        code: 'prompt_cut',
        tokens: 100,
        characters: 1201,
        message: expect.stringContaining('of 1201 characters the model read 100 tokens'),
      },
    ]);
    expect(of({ prompt: 'x'.repeat(1200) }, { prompt_eval_count: 100 })).toEqual([]);
  });

  test('has five hundred characters', () => {
    expect(of({ prompt: 'x'.repeat(500) }, { prompt_eval_count: 1 })).toHaveLength(1);
    expect(of({ prompt: 'x'.repeat(499) }, { prompt_eval_count: 1 })).toEqual([]);
  });

  test('is reported only if the server counted tokens and was allowed to truncate', () => {
    expect(of({ prompt }, {})).toEqual([]);
    expect(of({ prompt, truncate: false }, { prompt_eval_count: 1 })).toEqual([]);
    expect(of({ prompt, truncate: true }, { prompt_eval_count: 1 })).toHaveLength(1);
  });

  test('counts all texts of the request', () => {
    const half = 'x'.repeat(300);
    expect(of({ prompt: half, system: half }, { prompt_eval_count: 1 })).toMatchObject([{ characters: 600 }]);
    const messages = [{ content: half }, null, { images: [] }, { content: half }];
    expect(of({ messages }, { prompt_eval_count: 1 })).toMatchObject([{ characters: 600 }]);
    expect(of({ messages: half }, { prompt_eval_count: 1 })).toEqual([]);
  });
});

describe('a lost tool call', () => {
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const empty = { message: { role: 'assistant', content: '' }, eval_count: 12 };

  test('is an empty answer that used tokens', () => {
    expect(of({ tools }, empty)).toEqual([
      { code: 'tool_not_offered', tokens: 12, message: expect.stringContaining('wrote 12 tokens') },
    ]);
    expect(of({ tools }, { eval_count: 12 })).toHaveLength(1);
  });

  test.each([
    ['without tools', {}, empty],
    ['with no tools', { tools: [] }, empty],
    ['without tokens', { tools }, { ...empty, eval_count: 0 }],
    ['with content', { tools }, { ...empty, message: { content: 'x' } }],
    ['with thinking', { tools }, { ...empty, message: { content: '', thinking: 'x' } }],
    ['with a call', { tools }, { ...empty, message: { content: '', tool_calls: [{ function: { name: 'f' } }] } }],
  ])('is not: %s', (_, request, answer) => {
    expect(of(request, answer)).toEqual([]);
  });
});

test('an answer that reached its maximum length', () => {
  expect(of({}, { done_reason: 'length', eval_count: 7 })).toEqual([
    { code: 'stopped_at_length', tokens: 7, message: expect.stringContaining('options.num_predict') },
  ]);
  expect(of({}, { done_reason: 'stop' })).toEqual([]);
});

describe('options', () => {
  test('unknown to the server, and where they belong', () => {
    const options = { temperature: 1, nonsense: 1, format: 'json', keep_alive: 1, think: true };
    expect(of({ options }, {})).toEqual([
      {
        code: 'option_ignored',
        option: 'nonsense',
        isRequestField: false,
        message: 'The server ignores options.nonsense: it knows no such option, or no longer does.',
      },
      ...['format', 'keep_alive', 'think'].map((option) => ({
        code: 'option_ignored',
        option,
        isRequestField: true,
        message: `The server ignores options.${option}: ${option} belongs next to options, not in it.`,
      })),
    ]);
  });

  test('at most twenty are named', () => {
    const options = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}`, 1]));
    expect(of({ options }, {})).toHaveLength(20);
  });
});

test('a misplaced field is named with the one that was most likely meant', () => {
  expect(of({ temperature: 1 }, {})).toEqual([
    {
      code: 'field_ignored',
      field: 'temperature',
      meant: 'options.temperature',
      message: 'The server ignores temperature: did you mean options.temperature?',
    },
  ]);
});

describe('a model that was loaded again', () => {
  const loads = { load_duration: 1_234_567_890 };
  const after = (first: object, second: object, answer: object = loads) => {
    const notices = new AnswerNotices();
    of(first, {}, notices);
    return of(second, answer, notices);
  };
  const ctx = (num_ctx: number) => ({ options: { num_ctx } });

  test('is reported with both sizes', () => {
    expect(after(ctx(1024), ctx(2048))).toEqual([
      {
        code: 'model_reloaded',
        loadMs: 1235,
        numCtx: 2048,
        previousNumCtx: 1024,
        message:
          'The model was reloaded (1235 ms), since num_ctx changed from 1024 to 2048: keep it the same in all calls.',
      },
    ]);
    expect(after({}, ctx(2048))[0]?.message).toContain('from unset to 2048');
    expect(after(ctx(2048), {})[0]?.message).toContain('from 2048 to unset');
    expect(after(ctx(1), { model: 'M:latest', ...ctx(2) })).toHaveLength(1);
  });

  test('is not the first call, not one of the same size, and not one that took no time', () => {
    expect(of(ctx(1024), loads)).toEqual([]);
    expect(after(ctx(1024), ctx(1024))).toEqual([]);
    expect(after({ model: 'other', ...ctx(1024) }, ctx(2048))).toEqual([]);
    expect(after(ctx(1), ctx(2), { load_duration: 49_999_999 })).toEqual([]);
    expect(after(ctx(1), ctx(2), { load_duration: 50_000_000 })).toHaveLength(1);
    expect(after(ctx(1), ctx(2), {})).toEqual([]);
  });

  test('is remembered for the 256 models that were called last', () => {
    const notices = new AnswerNotices();
    const ask = (model: number, size: number) => of({ model: `m${model}`, ...ctx(size) }, loads, notices).length;
    for (let model = 0; model < 256; model++) ask(model, 1);
    // Called again, so now it is the most recent.
    expect(ask(0, 2)).toBe(1);
    expect(ask(256, 1)).toBe(0);
    expect([ask(1, 2), ask(0, 3), ask(3, 2)]).toEqual([0, 1, 1]);
  });
});
