/** Runs the tests with the mutants, in the copy of the repository that has them. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from '../../vitest.config.ts';

const include: string[] = JSON.parse(process.env['MUTANTS_TESTS'] ?? '[]');

/** Keeps the given order: quick tests detect most mutants. */
class AsNamed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => include.findIndex((file) => moduleId.endsWith(file));
    return files.toSorted((a, b) => place(a) - place(b));
  }
}

/** By the path of the import. The replacements import the originals by a shorter path. */
const inside = new Map([
  ['../../fixtures/mcp/connect.ts', 'connect-inside.ts'],
  ['../../fixtures/mcp-http/http-process.ts', 'http-inside.ts'],
  ['./server-process.ts', 'no-process.ts'],
  ['../mcp/server-process.ts', 'no-process.ts'],
]);

const { reporters: _, ...shared } = base.test ?? {};

export default defineConfig({
  ...base,
  root: new URL('../..', import.meta.url).pathname,
  plugins: [
    {
      name: 'mcp-server-in-this-process',
      enforce: 'pre',
      resolveId(source) {
        const replacement = inside.get(source);
        return replacement && new URL(replacement, import.meta.url).pathname;
      },
    },
  ],
  test: {
    ...shared,
    include,
    sequence: { sequencer: AsNamed },
    runner: new URL('test-runner.ts', import.meta.url).pathname,
    maxWorkers: Number(process.env['MUTANTS_WORKERS'] ?? 1),
    // `test-runner.ts` has its own timeouts. These ones would end a test too early.
    testTimeout: 120_000,
    dangerouslyIgnoreUnhandledErrors: true,
    reporters: [{}],
    silent: true,
  },
});
