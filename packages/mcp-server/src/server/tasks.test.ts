import { createOllama } from '@ollama-toolbelt/core/neutral';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { BecameTask } from '../calls/time-budget.ts';
import { ToolCalls } from '../calls/tool-calls.ts';
import { OllamaServers } from '../servers/ollama-servers.ts';
import { ClientSession } from '../sessions/session.ts';
import { MemoryBudget } from '../tools/memory-budget.ts';
import { defineTool, readOnly } from '../tools/tool.ts';
import { Tasks } from './tasks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => Promise.reject(new Error('nothing is asked'));
const ollama = createOllama({ transport: never, sleep: never, now: () => 0 });
const { signal } = new AbortController();
const MINUTE = 60_000;

/** A server with one tool that works for a minute, then ends with `end`. */
function serverWith(end: () => Promise<{ text: string }>, { changes = false } = {}) {
  const tool = defineTool({
    name: 'ollama_test',
    title: 'A test',
    description: 'A test.',
    input: z.strictObject({ model: z.string().optional() }),
    output: z.object({ text: z.string(), job: z.string().optional() }),
    annotations: { ...readOnly, readOnlyHint: !changes },
    toolset: 'inference',
    run: (_, { progress, partial, signal: own }) =>
      new Promise((resolve, reject) => {
        partial({ value: () => ({ text: '' }) });
        progress.report(1, 'a bit');
        own.addEventListener('abort', () => reject(own.reason));
        setTimeout(() => void end().then(resolve, reject), MINUTE);
      }),
    text: ({ text }) => [text],
  });
  const session = new ClientSession();
  const calls = new ToolCalls({
    servers: new OllamaServers({ ollama }),
    addressSetting: 'OLLAMA_HOST',
    tools: [tool],
    session,
    files: undefined,
    memory: new MemoryBudget(),
    mayAsk: false,
    concurrency: 2,
    budgetMs: 10_000,
    isUncapped: false,
    log: undefined,
  });
  const tasks = new Tasks(session.jobs, (...ended) => calls.resultOf(...ended));
  return { calls, tasks, session };
}

/** The id of the task that a call becomes, and how long that took. */
async function taskOf({ calls, tasks }: ReturnType<typeof serverWith>) {
  const start = Date.now();
  const call = calls.call('ollama_test', { model: 'm' }, { signal, knowsTasks: true }).then(
    () => expect.unreachable(),
    (error: unknown) => ({ id: (error as BecameTask).job, afterMs: Date.now() - start }),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  const task = await call;
  // As the server responds to the call.
  expect(tasks.created(task.id)).toMatchObject({ resultType: 'task', taskId: task.id, status: 'working' });
  return task;
}

test('a call becomes a task after its time budget, or after two seconds if it changes something', async () => {
  expect(await taskOf(serverWith(async () => ({ text: 'x' })))).toMatchObject({ afterMs: 10_000 });
  expect(await taskOf(serverWith(async () => ({ text: 'x' }), { changes: true }))).toMatchObject({ afterMs: 2000 });
});

test('a task ends with the result of the call', async () => {
  const server = serverWith(async () => ({ text: 'whole' }));
  const { id } = await taskOf(server);
  expect(await server.tasks.get(id, signal)).toMatchObject({
    status: 'working',
    statusMessage: 'm: a bit',
    ttlMs: null,
  });
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(await server.tasks.get(id, signal)).toMatchObject({
    status: 'completed',
    // Fifty seconds of work plus 15 minutes.
    ttlMs: 950_000,
    result: {
      resultType: 'complete',
      content: [{ type: 'text', text: 'whole' }],
      structuredContent: { text: 'whole' },
    },
  });
});

test('a bug is a protocol error, also in a task', async () => {
  const server = serverWith(() => Promise.reject(new TypeError('a bug')));
  const { id } = await taskOf(server);
  await vi.advanceTimersByTimeAsync(MINUTE);
  const task = await server.tasks.get(id, signal);
  expect(task).toMatchObject({
    status: 'failed',
    statusMessage: 'a bug',
    error: { code: -32603, message: 'a bug' },
  });
  expect(task).not.toHaveProperty('result');
});

test('a task that is never polled ends, and says why', async () => {
  const server = serverWith(() => new Promise(() => {}));
  const { id } = await taskOf(server);
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(await server.tasks.get(id, signal)).toMatchObject({
    status: 'cancelled',
    statusMessage: 'Nobody has asked for this job for 10 minutes, so it was ended. (a bit)',
  });
});

test('a task that is polled continues', async () => {
  const server = serverWith(() => new Promise(() => {}));
  const { id } = await taskOf(server);
  for (let minute = 0; minute < 30; minute += 5) {
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(await server.tasks.get(id, signal)).toMatchObject({ status: 'working' });
  }
  await server.tasks.cancel(id);
  expect(await server.tasks.get(id, signal)).toMatchObject({
    status: 'cancelled',
    statusMessage: 'cancelled by the client (a bit)',
  });
});

test('if there is no room for another job, the call returns the answer so far', async () => {
  const server = serverWith(async () => ({ text: 'x' }));
  vi.spyOn(server.session.jobs, 'add').mockReturnValue(undefined);
  const call = server.calls.call('ollama_test', {}, { signal, knowsTasks: true });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(JSON.stringify(await call)).toContain('too many jobs');
});

test('an expired task is unknown', async () => {
  const server = serverWith(async () => ({ text: 'x' }));
  const { id } = await taskOf(server);
  server.session.close();
  await expect(server.tasks.get(id, signal)).rejects.toMatchObject({
    code: -32602,
    message: expect.stringContaining(`There is no task ${id}.`),
  });
});

test('without a tool that collects jobs, a client without tasks waits for the end', async () => {
  const server = serverWith(async () => ({ text: 'whole' }));
  const call = server.calls.call('ollama_test', {}, { signal });
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(await call).toMatchObject({ structuredContent: { text: 'whole' } });
});
