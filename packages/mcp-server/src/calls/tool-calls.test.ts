import { createOllama } from '@ollama-toolbelt/core/neutral';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { OllamaServers } from '../servers/ollama-servers.ts';
import { MemoryBudget } from '../tools/memory-budget.ts';
import { defineTool, readOnly } from '../tools/tool.ts';
import type { ProgressUpdate } from './progress.ts';
import { ToolCalls } from './tool-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => Promise.reject(new Error('nothing is asked'));
const ollama = createOllama({ transport: never, sleep: never, now: () => 0 });

test.each([
  ['a result', async () => ({ ok: true })],
  ['a failure', () => Promise.reject(new Error('a bug'))],
])('after %s no heartbeat goes out, and no timer is left', async (_, end) => {
  const tool = defineTool({
    name: 'ollama_test',
    title: 'A test',
    description: 'A test.',
    input: z.strictObject({}),
    output: z.object({ ok: z.boolean() }),
    annotations: readOnly,
    toolset: 'inference',
    run: async (_args, { progress }) => {
      progress.report(0, 'working');
      await new Promise((resolve) => setTimeout(resolve, 3000));
      return end();
    },
  });
  const calls = new ToolCalls({
    servers: new OllamaServers({ ollama }),
    addressSetting: 'OLLAMA_HOST',
    tools: [tool],
    session: undefined,
    files: undefined,
    memory: new MemoryBudget(),
    mayAsk: false,
    budgetMs: 0,
    isUncapped: false,
    log: undefined,
  });
  const sent: ProgressUpdate[] = [];
  const { signal } = new AbortController();
  const call = calls.call('ollama_test', {}, { signal, notify: (update) => sent.push(update) }).catch(() => {});
  await vi.advanceTimersByTimeAsync(3000);
  await call;
  const before = sent.length;
  expect(before).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(before);
  expect(vi.getTimerCount()).toBe(0);
});
