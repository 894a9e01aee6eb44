import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

const stdio = 'conversations,create-model,errors,jobs,manage,many-prompts,resources,results,running-calls,tools';

/** Suites that talk to the MCP server through a client, once more with one that is pinned to 2026-07-28. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: [
      `test/mcp/stdio/{${stdio}}.test.ts`,
      'test/mcp/http/balanced.test.ts',
      'test/attack/forged-question.test.ts',
    ],
    env: { MCP_ERA: 'modern' },
  },
});
