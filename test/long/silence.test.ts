/** Silence longer than undici's default timeouts of 300 s, which end the calls of all other Ollama servers. */
import { expect, test } from 'vitest';
import { callThroughSilence, silences } from '../fixtures/mcp/call-through-silence.ts';

const SILENCE_MS = 330_000;

test.concurrent.each(silences)('%s', { timeout: SILENCE_MS + 60_000 }, async (_, silence) => {
  const start = performance.now();
  const { seen, structured, isError } = await callThroughSilence(silence, SILENCE_MS);
  expect(isError).toBe(false);
  expect(structured).toMatchObject({ text: 'Hello', done_reason: 'stop' });
  expect(performance.now() - start).toBeGreaterThanOrEqual(SILENCE_MS);
  // A host with an idle timeout received something at least every ten seconds.
  expect(seen.length).toBeGreaterThanOrEqual(SILENCE_MS / 10_000);
});
