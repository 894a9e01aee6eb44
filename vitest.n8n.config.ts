import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { sourceOfOthers, withoutMapsOfOthers } from './vitest.config.ts';

const summaryDir = process.env['TEST_SUMMARY_DIR'];

/** The tests in a whole n8n, which are not part of `pnpm test`; with `--mode queue` those of n8n's queue mode. */
export default defineConfig(({ mode }) => ({
  plugins: [withoutMapsOfOthers],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: [mode === 'queue' ? 'test/n8n/app/**/*.queue.ts' : 'test/n8n/app/**/*.n8n.ts'],
    globalSetup: ['test/fixtures/run-folder.ts', ...(mode === 'queue' ? [] : ['test/n8n/app/n8n-setup.ts'])],
    pool: 'forks',
    server: { deps: { inline: sourceOfOthers } },
    // A command of n8n alone takes five seconds, and two n8n side by side do not get faster.
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 120_000,
    expect: { poll: { timeout: 120_000 } },
    reporters: summaryDir
      ? ['default', ['json', { outputFile: join(summaryDir, `${process.pid}.json`) }]]
      : ['default'],
  },
}));
