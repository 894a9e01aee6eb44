import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { runtimes } from '../fixtures/runtimes.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('silence.mjs', import.meta.url));
const nodes = runtimes.filter(({ name }) => name.startsWith('Node'));
/** undici checks its timeouts about once a second. */
const SILENCE_MS = 2500;

/** @param strict the program has set timeouts that a single request cannot disable */
async function play(node: string, strict: boolean) {
  await using server = await startScripted();
  const [inBody, beforeHead] = [gate(), gate()];
  server
    .chat(faults.stallBeforeHeaders())
    .chat(faults.stallMidStream(inBody))
    .chat(faults.stallBeforeHeaders(beforeHead));
  for (const silence of [inBody, beforeHead])
    void silence.reached.then(() => setTimeout(() => silence.release(), SILENCE_MS));
  const { stdout } = await run(node, [program], {
    timeout: 120_000,
    env: { PATH: process.env['PATH'], SILENCE: JSON.stringify({ host: server.host, strict }) },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe.concurrent.each(nodes)('$name', ({ program: node }) => {
  test.skipIf(node === undefined)("the timeouts of Node's fetch do not end our calls", async () => {
    expect(await play(node as string, false)).toEqual({
      plain: ['TypeError', 'UND_ERR_HEADERS_TIMEOUT'],
      inBody: 'whole',
      beforeHead: 'whole',
    });
  });

  test.skipIf(node === undefined)('timeouts that cannot be disabled are reported as such', async () => {
    const hint = expect.stringMatching(/^This limit belongs to the fetch in use.*headersTimeout.*core\/node/);
    expect(await play(node as string, true)).toEqual({
      plain: ['TypeError', 'UND_ERR_HEADERS_TIMEOUT'],
      inBody: ['OllamaTimeoutError', 'timeout', 'idle', 'UND_ERR_BODY_TIMEOUT', hint],
      beforeHead: ['OllamaTimeoutError', 'timeout', 'firstByte', 'UND_ERR_HEADERS_TIMEOUT', hint],
    });
  });
});
