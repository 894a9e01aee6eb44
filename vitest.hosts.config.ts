import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { sourceOfOthers, withoutMapsOfOthers } from './vitest.config.ts';

const summaryDir = process.env['TEST_SUMMARY_DIR'];

/** The tests with real agent hosts, which are not part of `pnpm test`: `pnpm test:hosts`. */
export default defineConfig({
  plugins: [withoutMapsOfOthers],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/hosts/**/*.hosts.ts'],
    globalSetup: ['test/fixtures/run-folder.ts', 'test/hosts/hosts-setup.ts'],
    pool: 'forks',
    server: { deps: { inline: sourceOfOthers } },
    // Each host takes a core while it starts.
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 120_000,
    expect: { poll: { timeout: 120_000 } },
    reporters: summaryDir
      ? ['default', ['json', { outputFile: join(summaryDir, `${process.pid}.json`) }]]
      : ['default'],
  },
});
