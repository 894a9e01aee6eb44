/** The suites of everything that uses the core, in a copy with different messages: see `run.ts`. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import base from '../../../vitest.config.ts';

const standIn = fileURLToPath(new URL('expect.ts', import.meta.url));

export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  plugins: [
    {
      name: 'expect-in-plain-letters',
      enforce: 'pre',
      resolveId: (source, importer) => (source === 'vitest' && importer !== standIn ? standIn : undefined),
    },
  ],
  test: {
    ...base.test,
    include: [
      'packages/{mcp-server,n8n-nodes}/**/*.test.ts',
      'test/mcp/**/*.test.ts',
      'test/n8n/engine/*.test.ts',
      'test/core/conversation*.test.ts',
      'test/demo/*.test.ts',
      'test/guide/*.test.ts',
    ],
  },
});
