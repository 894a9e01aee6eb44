import { createOllama } from '@ollama-toolbelt/core/node';
import { expect, test, vi } from 'vitest';
import { MemoryBudget } from '../tools/memory-budget.ts';
import type { Run } from '../tools/tool-context.ts';
import { ClientSession } from './session.ts';

test('closing a session ends everything that it keeps', async () => {
  await using ollama = createOllama({ host: 'http://127.0.0.1:9' });
  const session = new ClientSession();
  const chat = session.conversations.add({
    chat: ollama.conversation({ model: 'm' }),
    ollama,
    tools: undefined,
    numCtx: undefined,
  });
  const vectors = session.embeddings.add({ model: 'm', embeddings: [[1]] });
  expect(session.conversations.get(chat)).toBeDefined();
  session.close();
  expect(session.conversations.get(chat)).toBeUndefined();
  expect(session.embeddings.get(vectors)).toBeUndefined();
});

/** A job that runs until it is cancelled. */
const endless = () =>
  ({ bytes: 100, onlyAnswers: true, ended: new Promise(() => {}), cancel: vi.fn() }) as never as Run;
const vectors = { model: 'm', embeddings: [[1]] };

test.each([
  ['one client', false, 32, 16],
  ['clients that share it', true, 320, 160],
])(
  'a session has room for what %s may keep, and takes it from the memory of the process',
  (_, isShared, jobs, most) => {
    const memory = new MemoryBudget();
    const session = new ClientSession({ memory, isShared });
    const runs = Array.from({ length: jobs + 1 }, endless);
    expect(runs.map((run) => session.jobs.add(run)).filter(Boolean)).toHaveLength(jobs);
    expect(memory.usedBytes).toBe(100 * jobs);
    const kept = Array.from({ length: most + 1 }, () => session.embeddings.add(vectors));
    expect(kept.filter((id) => session.embeddings.get(id))).toHaveLength(most);
    expect([session.jobs.list().length, session.embeddings.ids?.length]).toEqual(
      isShared ? [0, undefined] : [jobs, most],
    );
    session.close();
    expect(runs.filter(({ cancel }) => vi.mocked(cancel).mock.calls.length > 0)).toHaveLength(jobs);
    expect(memory.usedBytes).toBe(0);
  },
);

test('vectors are kept for half an hour, and conversations for two', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const session = new ClientSession();
    const [used, idle] = [session.embeddings.add(vectors), session.embeddings.add(vectors)];
    const chat = session.conversations.add({ chat: { messages: [] } } as never);
    vi.advanceTimersByTime(30 * 60_000);
    expect(session.embeddings.get(used)).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(session.embeddings.ids).toEqual([used]);
    expect(session.embeddings.get(idle)).toBeUndefined();
    vi.advanceTimersByTime(90 * 60_000 - 1);
    expect(session.conversations.ids).toEqual([chat]);
    vi.advanceTimersByTime(1);
    expect(session.conversations.ids).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
