import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Where `.ci/run` collects a report of each test run. */
const summaryDir = process.env['TEST_SUMMARY_DIR'];

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/{src,scripts}/**/*.test.ts', 'scripts/test/*.test.ts', 'test/**/*.test.ts'],
    // Takes minutes: `pnpm test:slow`.
    exclude: ['**/node_modules/**', 'test/long/*.test.ts'],
    // node-llama-cpp holds native handles that worker threads cannot.
    pool: 'forks',
    // This dependency of the MCP client has TypeScript under the condition `source`, which Node does not read there.
    server: { deps: { inline: [/sdk\/dist\/esm\/client\/streamableHttp\.js$/, /eventsource-parser/] } },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: summaryDir
      ? ['default', ['json', { outputFile: join(summaryDir, `${process.pid}.json`) }]]
      : ['default'],
  },
});
