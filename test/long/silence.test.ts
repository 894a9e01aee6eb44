/** Silence that is longer than undici's own limits of 300 s: what ends the calls of every other server for Ollama. */
import { expect, test } from 'vitest';
import { callThroughSilence, silences } from '../fixtures/mcp/call-through-silence.ts';

const SILENCE_MS = 330_000;

test.concurrent.each(silences)('%s', { timeout: SILENCE_MS + 60_000 }, async (_, silence) => {
  const start = performance.now();
  const { seen, structured, isError } = await callThroughSilence(silence, SILENCE_MS);
  expect(isError).toBe(false);
  expect(structured).toMatchObject({ text: 'Hello', done_reason: 'stop' });
  expect(performance.now() - start).toBeGreaterThanOrEqual(SILENCE_MS);
  // A host that counts the time since it last heard something was told at least every ten seconds.
  expect(seen.length).toBeGreaterThanOrEqual(SILENCE_MS / 10_000);
});
