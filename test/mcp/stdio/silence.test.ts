/**
 * A silent Ollama does not end a call: a model that is loaded or reads a long prompt says nothing for minutes. undici's
 * own limits, 300 s before the headers and between two pieces, are what ends the calls of others. They cannot be shortened
 * from here, so this sees some seconds of silence; `test/long` has the same at full length.
 */
import { expect, test } from 'vitest';
import { callThroughSilence, silences } from '../../fixtures/mcp/call-through-silence.ts';

test.each(silences)('%s', async (_, silence) => {
  const { seen, structured } = await callThroughSilence(silence, 2_500);
  expect(structured).toMatchObject({ text: 'Hello', done_reason: 'stop' });
  // It was not quiet for the host meanwhile, whose own clock may run.
  expect(seen.length).toBeGreaterThanOrEqual(1);
});
