import { getEventListeners } from 'node:events';
import { createOllama, OllamaError } from '@ollama-toolbelt/core/neutral';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { OllamaServers } from '../servers/ollama-servers.ts';
import { MemoryBudget } from '../tools/memory-budget.ts';
import { Refusal } from '../tools/refusal.ts';
import { defineTool, readOnly, type Tool } from '../tools/tool.ts';
import type { FileSource, Reserve, Run, Session, ToolContext } from '../tools/tool-context.ts';
import { Question } from './confirm.ts';
import type { ProgressUpdate } from './progress.ts';
import { ToolCalls, type ToolCallsOptions } from './tool-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const neverSent = () => Promise.reject(new Error('nothing is asked'));
const ollama = createOllama({ transport: neverSent, sleep: neverSent, now: () => 0 });
const never = { signal: new AbortController().signal };

const Input = z.strictObject({ model: z.string().optional(), count: z.number().optional() });

/** A tool that does this. */
const toolThat = (
  run: (args: z.output<typeof Input>, context: ToolContext) => Promise<Record<string, unknown>>,
  name: Tool['name'] = 'ollama_test',
): Tool =>
  defineTool({
    name,
    title: 'A test',
    description: 'A test.',
    input: Input,
    output: z.looseObject({}),
    annotations: readOnly,
    toolset: 'inference',
    run,
  }) as unknown as Tool;

const jobTool = toolThat(async () => ({}), 'ollama_job');

const callsOf = (tools: readonly Tool[], options: Partial<ToolCallsOptions> = {}) =>
  new ToolCalls({
    servers: new OllamaServers({ ollama }),
    addressSetting: 'OLLAMA_HOST',
    tools,
    session: undefined,
    files: undefined,
    memory: new MemoryBudget(),
    mayAsk: false,
    concurrency: 2,
    budgetMs: 0,
    isUncapped: false,
    log: undefined,
    ...options,
  });

/** A session that only keeps jobs. */
function keepingJobs(): Session {
  const runs = new Map<string, Run>();
  const jobs: Partial<Session['jobs']> = {
    add: (run) => {
      runs.set(`job-${runs.size}`, run);
      return `job-${runs.size - 1}`;
    },
    get: (id) => runs.get(id) as Run,
  };
  return { jobs, weigh: () => {} } as Session;
}

const textOf = ({ content }: { content: { text: string }[] }) => content.map(({ text }) => text).join('\n');

describe.each([
  ['a result', async () => ({ ok: true })],
  ['a failure', () => Promise.reject(new Error('a bug'))],
])('after %s', (_, end) => {
  test('no heartbeat goes out, and no timer is left', async () => {
    const tool = toolThat(async (_args, { progress }) => {
      progress.report(0, 'working');
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return end();
    });
    const sent: ProgressUpdate[] = [];
    const notify = (update: ProgressUpdate) => sent.push(update);
    const call = callsOf([tool])
      .call('ollama_test', {}, { ...never, notify })
      .catch(() => {});
    await vi.advanceTimersByTimeAsync(3000);
    await call;
    const before = sent.length;
    expect(before).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an unknown tool', () => {
  const calls = callsOf([toolThat(async () => ({})), jobTool]);

  test.each([
    ['ollama_tset', 'Unknown tool: ollama_tset. Did you mean ollama_test?'],
    ['weather', 'Unknown tool: weather. There are: ollama_test, ollama_job.'],
    [undefined, 'Unknown tool: undefined. There are: ollama_test, ollama_job.'],
    ['x'.repeat(100), `Unknown tool: ${'x'.repeat(64)}. There are: ollama_test, ollama_job.`],
  ])('is a protocol error: %s', async (name, message) => {
    await expect(calls.call(name, {}, never)).rejects.toMatchObject({ code: -32602, message });
    expect(() => calls.badArguments(String(name), {})).toThrow(message);
  });
});

describe('arguments', () => {
  const seen: unknown[] = [];
  const calls = callsOf([
    toolThat(async (args) => {
      seen.push(args);
      return {};
    }),
  ]);

  test('reach the tool as they are meant', async () => {
    await calls.call('ollama_test', '{"count": "3"}', never);
    expect(seen.splice(0)).toEqual([{ count: 3 }]);
    expect(calls.badArguments('ollama_test', { count: '3' })).toEqual([]);
  });

  test('that are wrong give a failure with a line for each, and the tool does not run', async () => {
    const wrong = { count: 'many', mdoel: 'x' };
    const result = await calls.call('ollama_test', wrong, never);
    const lines = ['count: should be a number', 'mdoel: unknown, did you mean model?'];
    expect(result.isError).toBe(true);
    expect(textOf(result).split('\n')).toEqual(['Bad arguments for ollama_test:', ...lines]);
    expect(calls.badArguments('ollama_test', wrong)).toEqual(lines);
    expect(seen).toEqual([]);
  });
});

test.each<[string, Tool['run'], string]>([
  ['a value', async () => ({}), 'done'],
  ['a refusal', () => Promise.reject(new Refusal('no')), 'failed'],
  ['a bug', () => Promise.reject(new TypeError('bug')), 'broke'],
  [
    'a question',
    (_, { confirm }) => confirm({ question: 'Sure?', name: 'x', confirm: undefined }).then(() => ({})),
    'asked the user',
  ],
])('the log shows how a call ended, but not its content: %s', async (_, run, end) => {
  const log: string[] = [];
  const calls = callsOf([toolThat(run)], { log: (line) => log.push(line), mayAsk: true });
  const ask = () => Promise.reject(new Question());
  const call = calls.call('ollama_test', { model: 'secret' }, { ...never, ask });
  await call.catch(() => {});
  expect(log).toEqual([`ollama_test: ${end} in 0 ms`]);
});

test('the log shows how long a call took', async () => {
  const log: string[] = [];
  const tool = toolThat(async () => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    return {};
  });
  await vi.advanceTimersByTimeAsync(500);
  const call = callsOf([tool], { log: (line) => log.push(line) }).call('ollama_test', {}, never);
  await vi.advanceTimersByTimeAsync(3000);
  await call;
  expect(log).toEqual(['ollama_test: done in 3000 ms']);
});

test('progress of a tool goes to the client that asked for it', async () => {
  const tool = toolThat(async (_, { progress }) => {
    progress.report(1, 'one of two', { total: 2 });
    return {};
  });
  const sent: ProgressUpdate[] = [];
  await callsOf([tool]).call('ollama_test', {}, { ...never, notify: (update) => sent.push(update) });
  expect(sent).toEqual([{ progress: 1, message: 'one of two', total: 2 }]);
});

test('the rest of a long answer can be read as a job, if jobs are kept', async () => {
  const output = z.object({
    text: z.string(),
    job: z.string().optional(),
    notices: z.array(z.looseObject({})).optional(),
  });
  const long = { text: 'words '.repeat(100_000) };
  const tool = { ...toolThat(async () => long), output } as unknown as Tool;
  const session = keepingJobs();
  const { structuredContent } = await callsOf([tool, jobTool], { session }).call('ollama_test', {}, never);
  expect(structuredContent).toMatchObject({ job: expect.any(String), notices: [{ code: 'text_cut' }] });
  expect(session.jobs.get(String(structuredContent?.['job'])).outcome).toEqual({ value: long });
  const alone = await callsOf([tool], { session }).call('ollama_test', {}, never);
  expect(alone.structuredContent).not.toHaveProperty('job');
});

test('a call leaves no listener on its signal', async () => {
  const { signal } = new AbortController();
  await callsOf([toolThat(async () => ({}))]).call('ollama_test', {}, { signal });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('the person is only asked if the server is set up for that', async () => {
  const tool = toolThat(async (_, { confirm }) => {
    await confirm({ question: 'Sure?', name: 'x', confirm: undefined });
    return {};
  });
  const ask = vi.fn(async () => 'accept' as const);
  expect((await callsOf([tool], { mayAsk: true }).call('ollama_test', {}, { ...never, ask })).isError).toBe(undefined);
  expect(ask).toHaveBeenCalledTimes(1);
  const refused = await callsOf([tool]).call('ollama_test', {}, { ...never, ask });
  expect(textOf(refused)).toMatch(/^This needs confirmation: Sure\?\n/);
  expect(ask).toHaveBeenCalledTimes(1);
});

test('a tool is given the server, the files, and whether results are capped', async () => {
  const seen: ToolContext[] = [];
  const tool = toolThat(async (_, context) => {
    seen.push(context);
    return { text: 'words '.repeat(100_000) };
  });
  const files = { canWrite: false, forCall: () => ({ folders: ['/a'] }) } as unknown as FileSource;
  const uncapped = await callsOf([tool], { files, isUncapped: true, budgetMs: 70 }).call('ollama_test', {}, never);
  const capped = await callsOf([tool]).call('ollama_test', {}, never);
  expect(seen).toMatchObject([
    { ollama, addressSetting: 'OLLAMA_HOST', files: { folders: ['/a'] }, isUncapped: true, budgetMs: 70 },
    { files: undefined, isUncapped: false, budgetMs: 0 },
  ]);
  expect(textOf(uncapped)).not.toContain('[cut:');
  expect(textOf(capped)).toContain('[cut:');
});

describe('the memory of a call', () => {
  const takes = (bytes: readonly number[], then: (reserves: (() => void)[]) => Promise<void>) => {
    const memory = new MemoryBudget(10_000_000);
    let reserve: Reserve = () => () => {};
    const files = {
      canWrite: false,
      forCall(given: Reserve) {
        reserve = given;
        return {};
      },
    } as unknown as FileSource;
    const tool = toolThat(async () => {
      await then(bytes.map((size) => reserve(size)));
      return {};
    });
    return { memory, call: () => callsOf([tool], { memory, files }).call('ollama_test', {}, never) };
  };

  test('is freed after the call, however often it was released', async () => {
    const { memory, call } = takes([4_000_000, 5_000_000], async ([first]) => {
      expect(memory.usedBytes).toBe(9_000_000);
      first?.();
      first?.();
      expect(memory.usedBytes).toBe(5_000_000);
    });
    expect((await call()).isError).toBe(undefined);
    expect(memory.usedBytes).toBe(0);
  });

  test('is refused with a hint if there is not enough, and memory taken before is freed', async () => {
    const { memory, call } = takes([9_000_000, 1_000_001], async () => {});
    const { isError, content } = await call();
    expect(isError).toBe(true);
    expect(content[0]?.text).toMatch(
      /^There is no memory left for files of this size \(2 MB while they are sent\)\.\n.*--memory-mb/,
    );
    expect(memory.usedBytes).toBe(0);
  });
});

describe('a long call', () => {
  const slow = (onAbort: (reason: unknown) => void = () => {}) =>
    toolThat(async (_, { partial, signal }) => {
      partial({ value: () => ({ text: 'so far' }), isWorthIt: () => true });
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, 10_000);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          onAbort(signal.reason);
          reject(signal.reason);
        });
      });
      return { text: 'all of it' };
    });

  const endsAfter = async (calls: ToolCalls, args: unknown, ms: number) => {
    let ended = false;
    const call = calls.call('ollama_test', args, never).finally(() => {
      ended = true;
    });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toBe(true);
    return (await call).structuredContent;
  };

  test('continues as a job if jobs are kept', async () => {
    const session = keepingJobs();
    const value = await endsAfter(callsOf([slow(), jobTool], { session, budgetMs: 3000 }), {}, 3000);
    expect(value).toMatchObject({
      text: 'so far',
      partial: true,
      job: expect.any(String),
      notices: [{ code: 'time_budget' }],
    });
    expect(session.jobs.get(String(value?.['job'])).isCancelled).toBe(false);
    await vi.advanceTimersByTimeAsync(7000);
    expect(session.jobs.get(String(value?.['job'])).outcome).toEqual({ value: { text: 'all of it' } });
  });

  test('ends with the answer so far if there is no session', async () => {
    const reasons: unknown[] = [];
    const value = await endsAfter(callsOf([slow((reason) => reasons.push(reason))], { budgetMs: 3000 }), {}, 3000);
    expect(value).toMatchObject({ text: 'so far', partial: true });
    expect(value).not.toHaveProperty('job');
    expect(reasons).toEqual(['the time budget of the call is over']);
  });

  test('gets the same time again if there is no session and no answer yet, but not as a job', async () => {
    const silent = toolThat(async (_, { partial, signal }) => {
      partial({ value: () => ({}), isWorthIt: () => false });
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return {};
    });
    const session = keepingJobs();
    expect(await endsAfter(callsOf([silent, jobTool], { session, budgetMs: 3000 }), {}, 3000)).toHaveProperty('job');
    let ended = false;
    const controller = new AbortController();
    const call = callsOf([silent], { budgetMs: 3000 })
      .call('ollama_test', {}, controller)
      .finally(() => {
        ended = true;
      });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ended).toBe(false);
    controller.abort(new Refusal('left'));
    expect(textOf(await call)).toBe('left');
  });

  test('has no time limit without a budget', async () => {
    expect(await endsAfter(callsOf([slow()]), {}, 10_000)).toEqual({ text: 'all of it' });
  });

  test('ends sooner if it asks for that and the rest can be collected', async () => {
    const session = keepingJobs();
    const args = { _wait_ms: 1000 };
    const value = await endsAfter(callsOf([slow(), jobTool], { session, budgetMs: 3000 }), args, 1000);
    expect(value).toHaveProperty('job');
    // Without the tool that collects jobs, or without a session, it gets the usual time.
    await endsAfter(callsOf([slow()], { session, budgetMs: 3000 }), args, 3000);
    await endsAfter(callsOf([slow(), jobTool], { budgetMs: 3000 }), args, 3000);
  });

  test('ends with the reason that the client gives when it cancels', async () => {
    const reasons: unknown[] = [];
    const calls = callsOf([slow((reason) => reasons.push(reason))]);
    const controller = new AbortController();
    const call = calls.call('ollama_test', {}, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(1000);
    controller.abort(new Refusal('left'));
    expect(await call).toEqual({ content: [{ type: 'text', text: 'left' }], isError: true });
    expect(reasons).toEqual([controller.signal.reason]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends at once if it was cancelled before it began', async () => {
    const signal = AbortSignal.abort(new Refusal('left'));
    const result = await callsOf([slow()]).call('ollama_test', {}, { signal });
    expect(textOf(result)).toBe('left');
  });
});

test('an error of one of many files gives a message; a bug and a cancelled call are thrown', async () => {
  const words: unknown[] = [];
  const controller = new AbortController();
  const tool = toolThat(async (_, { explain }) => {
    words.push(await explain(new OllamaError('It failed.', { code: 'server_error', hint: 'Look at the log.' })));
    words.push(await explain(new TypeError('bug')).catch((error: unknown) => error));
    controller.abort(new Refusal('left'));
    await Promise.resolve();
    words.push(await (async () => explain(new Refusal('no')))().catch((error: unknown) => error));
    return {};
  });
  await callsOf([tool]).call('ollama_test', {}, { signal: controller.signal });
  expect(words).toEqual(['It failed.\nLook at the log.', new TypeError('bug'), controller.signal.reason]);
});
