import { expect, test } from 'vitest';
import { bundleBytes, testFolder } from '../fixtures/bundle-bytes.ts';

const from = "from '@ollama-toolbelt/core/functions';";
const request = "{ model: 'm', messages: [] }";

/** The README states these limits. Only raise one if the change is worth its bytes for every page with a chat. */
test.each([
  ['chat', `import { chat, connect } ${from} console.log(await chat(connect(), ${request}));`, 16_000],
  [
    'chatStream',
    `import { chatStream, connect } ${from} for await (const chunk of chatStream(connect(), ${request})) console.log(chunk);`,
    19_000,
  ],
])('a page that only calls %s loads few bytes at first', async (_, program, most) => {
  const { first, later } = await bundleBytes(program, testFolder);
  expect(first.minified).toBeLessThanOrEqual(most);
  // Checks that nothing is missing: the program with its transport, and the errors that load later.
  expect(first.minified).toBeGreaterThan(most - 2000);
  expect(later.minified).toBeGreaterThan(20_000);
  expect(later.minified).toBeLessThan(27_000);
});
