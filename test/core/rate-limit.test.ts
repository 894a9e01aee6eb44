import { createOllama } from '@ollama-toolbelt/core/neutral';
import { expect, test } from 'vitest';

/** A client whose calls are recorded with their time; a wait ends when the test releases it, and moves the clock. */
function pacedClient(rateLimit: { calls: number; periodMs: number }) {
  let clock = 0;
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const ollama = createOllama({
    rateLimit,
    timeouts: { totalMs: 0, idleMs: 0 },
    now: () => clock,
    transport: async ({ headers }) => {
      sent.push(`${headers['x-name']} at ${clock}`);
      return { status: 200, headers: {}, body: new Blob(['{"version":"1"}']).stream() };
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        waiting.push(() => {
          clock += ms;
          resolve();
        });
      }),
  });
  return {
    sent,
    call: (name: string, signal?: AbortSignal) => ollama.version({ headers: { 'x-name': name }, signal }),
    /** Runs all pending work, and the waits that it starts, until nothing waits any more. */
    settle: async () => {
      for (let idle = 0; idle < 5; idle += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        const next = waiting.shift();
        if (next) {
          next();
          idle = 0;
        }
      }
    },
    /** Runs pending work without moving the clock. */
    pending: async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('calls are sent in order, within the limit per period', async () => {
  const { call, sent, settle } = pacedClient({ calls: 2, periodMs: 1000 });
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => call(name)));
  await settle();
  await all;
  expect(sent).toEqual(['a at 0', 'b at 0', 'c at 1000', 'd at 1000', 'e at 2000']);
});

test('a cancelled call delays nobody and does not count', async () => {
  const { call, sent, settle, pending } = pacedClient({ calls: 1, periodMs: 1000 });
  await call('a');
  const controller = new AbortController();
  const gone = call('b', controller.signal);
  const alsoGone = call('c', AbortSignal.any([controller.signal]));
  const stays = call('d');
  await pending();
  controller.abort();
  await expect(gone).rejects.toMatchObject({ code: 'aborted', phase: 'queue' });
  await expect(alsoGone).rejects.toMatchObject({ code: 'aborted', phase: 'queue' });
  await settle();
  await stays;
  expect(sent.map((line) => line.split(' ')[0])).toEqual(['a', 'd']);
});
