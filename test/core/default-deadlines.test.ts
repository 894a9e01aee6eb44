import { createOllama } from '@ollama-toolbelt/core/neutral';
import { expect, test } from 'vitest';
import { calls } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';

/** A client whose server never responds, and a clock that records the deadlines it sets. */
function clientWithoutAnswer(head: boolean) {
  const asked: number[] = [];
  let connectMs: number | undefined;
  const ollama = createOllama({
    transport: async (request, signal) => {
      connectMs = request.connectMs;
      const silence = () =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      const body = { [Symbol.asyncIterator]: () => ({ next: silence }) };
      return head ? { status: 200, headers: {}, body } : silence();
    },
    sleep: (ms, signal) => {
      asked.push(ms);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    now: () => 0,
  });
  return { ollama, asked, connectMs: () => connectMs };
}

const quick = ['list', 'ps', 'show', 'copy', 'delete', 'version', 'status'];
const silentWork = ['pull', 'push', 'create'];

test.each(calls)('$name has its default deadlines', async ({ name, whole }) => {
  const total = quick.includes(name) ? [30_000] : [];
  const waiting = clientWithoutAnswer(false);
  const controller = new AbortController();
  const failure = failureOf(whole(waiting.ollama, { signal: controller.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(waiting.connectMs()).toBe(10_000);
  expect(waiting.asked).toEqual(total);
  controller.abort();
  await failure;

  const reading = clientWithoutAnswer(true);
  const second = new AbortController();
  const other = failureOf(whole(reading.ollama, { signal: second.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  // One timer for both: that of the total fires long before.
  const idle = silentWork.includes(name) ? [] : [600_000];
  expect(reading.asked).toEqual(total.length > 0 ? total : idle);
  second.abort();
  await other;

  const withoutTotal = clientWithoutAnswer(true);
  const third = new AbortController();
  const last = failureOf(whole(withoutTotal.ollama, { signal: third.signal, timeouts: { totalMs: 0 } }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(withoutTotal.asked).toEqual(idle);
  third.abort();
  await last;
});
