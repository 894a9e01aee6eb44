import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';

/** Where `.ci/run` collects a report of each test run. */
const summaryDir = process.env['TEST_SUMMARY_DIR'];

/** Half of the time goes into few files, which `pnpm test:wide` runs. CI runs both. */
export const wide = [
  // Other people's programs: compilers, runtimes, the converters and inspectors of agents.
  'test/packaging/packed/*.test.ts',
  'test/packaging/readme/core-readme.test.ts',
  'test/packaging/site/site.test.ts',
  'test/runtimes/*.test.ts',
  'test/mcp/converters/*.test.ts',
  'test/mcp/http/{conformance,inspector}.test.ts',
  // The page of the models in Chromium.
  'test/mcp/apps/{look,models-page,offers,picture}.test.ts',
  // What waits for the budget of a call, once for each test.
  'test/mcp/{eras/tasks,stdio/jobs}.test.ts',
  // What releases are made with.
  'scripts/test/{publish,set-owner,version-packages,workflows}.test.ts',
  'test/mutants/real-run.test.ts',
  // Contract and faults a third time, thousands of odd values, and what measures memory and time.
  'test/contract/leaves-server-unchanged.test.ts',
  'test/faults/unhandled-rejections.test.ts',
  'test/core/{any-answer.property,any-input,bounded-memory,linear-work}.test.ts',
  'test/attack/{freezing,memory}.test.ts',
  'test/long/*/*.test.ts',
];

/** Dependencies of the MCP clients that have TypeScript under the condition `source`, which Node does not read there. */
export const sourceOfOthers = [
  /sdk\/dist\/esm\/client\/streamableHttp\.js$/,
  /modelcontextprotocol\/(client|ext-tasks)\/dist/,
  /eventsource/,
];

/** Their source maps name files that the packages do not have, which Vite would report for each. */
export const withoutMapsOfOthers: Plugin = {
  name: 'without-maps-of-others',
  enforce: 'pre',
  load: (id) => (sourceOfOthers.some((path) => path.test(id)) ? { code: readFileSync(id, 'utf8'), map: null } : null),
};

export default defineConfig({
  plugins: [withoutMapsOfOthers],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/{src,scripts}/**/*.test.ts', 'scripts/test/*.test.ts', 'test/**/*.test.ts'],
    // What lies in `long` itself takes minutes: `pnpm test:slow`.
    exclude: ['**/node_modules/**', 'test/long/**', ...wide],
    // Many tests wait for a process or a socket. By itself vitest leaves one core to nobody, which is half of two.
    maxWorkers: availableParallelism() + 1,
    // node-llama-cpp holds native handles that worker threads cannot.
    pool: 'forks',
    globalSetup: join(import.meta.dirname, 'test/fixtures/run-folder.ts'),
    server: { deps: { inline: sourceOfOthers } },
    // For what hangs. A machine that works on ten other things takes a minute for the longest.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 120_000,
    expect: { poll: { timeout: 120_000 } },
    reporters: summaryDir
      ? ['default', ['json', { outputFile: join(summaryDir, `${process.pid}.json`) }]]
      : ['default'],
  },
});
