/**
 * A silent Ollama does not end a call: while it loads a model or reads a long prompt, it sends nothing for minutes. By
 * default, undici would end such calls after 300 s without headers or data. These limits cannot be shortened from here,
 * so this test only waits some seconds; `test/long` runs it at full length.
 */
import { expect, test } from 'vitest';
import { callThroughSilence, silences } from '../../fixtures/mcp/call-through-silence.ts';

test.each(silences)('%s', async (_, silence) => {
  const { seen, structured } = await callThroughSilence(silence, 2_500);
  expect(structured).toMatchObject({ text: 'Hello', done_reason: 'stop' });
  // The host received progress meanwhile, because it may have a timeout of its own.
  expect(seen.length).toBeGreaterThanOrEqual(1);
});
