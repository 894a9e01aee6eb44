import { describe, expect, test } from 'vitest';
import type { ToolCall } from '../schemas/interfaces.ts';
import { runTools } from './run-tools.ts';
import type { ConversationTool } from './tools.ts';

const never = new AbortController().signal;
const call = (name: string, more: object = {}): ToolCall =>
  ({ function: { name, arguments: {} }, ...more }) as ToolCall;
const toolThat = (run: ConversationTool['run']): ConversationTool => ({ name: 'f', run });
const contentOf = async (run: ConversationTool['run'], called = call('f')) =>
  (await runTools([{ call: called, tool: toolThat(run) }], ['f'], never))[0]?.content;

describe('the result of a tool', () => {
  test.each<[unknown, string]>([
    ['text', 'text'],
    ['', ''],
    [{ a: [1] }, '{"a":[1]}'],
    [5, '5'],
    [null, 'null'],
    [undefined, 'null'],
    [() => {}, 'null'],
    [Promise.resolve('later'), 'later'],
  ])('%s goes to the model as %s', async (result, content) => {
    expect(await contentOf(() => result)).toBe(content);
  });

  test.each([
    [new Error('broken'), 'error: broken'],
    ['words', 'error: words'],
    [{ code: 5, message: 'no such city' }, 'error: no such city'],
    [{ code: 5 }, 'error: {"code":5}'],
    [undefined, 'error: undefined'],
    [Object.create(null), 'error: {}'],
    [{ message: 5n }, 'error: 5'],
    [
      Object.defineProperty({}, 'message', {
        get: () => {
          throw new Error('none');
        },
      }),
      'error: unknown',
    ],
  ])('that fails goes there too: %s', async (error, content) => {
    expect(await contentOf(() => Promise.reject(error))).toBe(content);
    expect(
      await contentOf(() => {
        throw error;
      }),
    ).toBe(content);
  });
});

test('a tool gets its arguments, the call and the signal', async () => {
  const seen: unknown[] = [];
  const note = (...given: unknown[]) => {
    seen.push(given);
  };
  const called = call('f', { function: { name: 'f', arguments: { city: 'Rome' } } });
  await contentOf(note, called);
  await contentOf(note, { function: { name: 'f' } } as never);
  expect(seen).toEqual([
    [{ city: 'Rome' }, { signal: never, call: called }],
    [{}, expect.anything()],
  ]);
});

test.each([
  ['{"city":"Rome"}', 'Rome'],
  ['{"city":', expect.stringMatching(/^error: .*JSON/)],
])('arguments that come as text are read: %s', async (text, content) => {
  const called = call('f', { function: { name: 'f', arguments: text } });
  expect(await contentOf(({ city }) => city, called)).toEqual(content);
});

test('results are in the order of the calls, each with its name and id', async () => {
  let first = () => {};
  const slow = toolThat(
    () =>
      new Promise((resolve) => {
        first = () => resolve('slow');
      }),
  );
  const quick = toolThat(() => {
    first();
    return 'quick';
  });
  const calls = [
    { call: call('slow', { id: '1' }), tool: slow },
    { call: call('quick'), tool: quick },
    { call: call('made_up', { id: '3' }), tool: undefined },
  ];
  expect(await runTools(calls, ['slow', 'quick'], never)).toEqual([
    { role: 'tool', content: 'slow', tool_name: 'slow', tool_call_id: '1' },
    { role: 'tool', content: 'quick', tool_name: 'quick' },
    {
      role: 'tool',
      content: 'error: there is no tool named "made_up". There are: slow, quick.',
      tool_name: 'made_up',
      tool_call_id: '3',
    },
  ]);
});

test('a running tool does not keep the caller waiting after an abort', async () => {
  const controller = new AbortController();
  const runs: string[] = [];
  const endless = toolThat(() => {
    runs.push('run');
    return new Promise(() => {});
  });
  const running = runTools([{ call: call('f'), tool: endless }], ['f'], controller.signal);
  controller.abort(new RangeError('enough'));
  await expect(running).rejects.toThrow('enough');
  await expect(runTools([{ call: call('f'), tool: endless }], ['f'], controller.signal)).rejects.toThrow('enough');
  expect(runs).toEqual(['run']);
});
