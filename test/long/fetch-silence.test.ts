/** `/fetch` with a silence longer than the 300 s timeout of Node's own fetch. */
import { createOllama } from '@ollama-toolbelt/core/fetch';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';

const SILENCE_MS = 330_000;

test.concurrent.each([
  ['before the headers', faults.stallBeforeHeaders],
  ['in the middle of the answer', faults.stallMidStream],
] as const)('%s', { timeout: SILENCE_MS + 60_000 }, async (_, fault) => {
  await using server = await startScripted();
  const silence = gate();
  server.chat(fault(silence));
  void silence.reached.then(() => setTimeout(() => silence.release(), SILENCE_MS));
  const start = performance.now();
  const { done } = await createOllama({ host: server.host }).chat({
    model: 'chat-model',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(done).toBe(true);
  expect(performance.now() - start).toBeGreaterThanOrEqual(SILENCE_MS);
});
