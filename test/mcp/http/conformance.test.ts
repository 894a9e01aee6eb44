import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startHttpServer } from '../../../packages/mcp-server/src/transports/http/node-server.ts';
import { nowhere } from '../../fixtures/mcp/connect.ts';
import { conformanceServer } from '../../fixtures/mcp-http/conformance-fixtures.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const suite = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

/** The official suite, which fails for what fails unexpectedly, and for what passes unexpectedly. */
const conformance = (url: string, ...options: string[]) =>
  new Promise<{ code: number; text: string }>((resolve) => {
    execFile(process.execPath, [suite, 'server', '--url', url, ...options], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    );
  });

test.each([
  ['with sessions', 'session', 'conformance-sessions.yml', 28],
  ['stateless', 'stateless', 'conformance-stateless.yml', 23],
] as const)(
  'the official conformance suite passes but for what is written down: %s',
  async (_, mode, baseline, passing) => {
    const server = await startHttpServer({
      address: { host: '127.0.0.1', port: 0 },
      createServer: conformanceServer,
      mode,
      allow: [],
    });
    try {
      const expected = fileURLToPath(new URL(baseline, import.meta.url));
      const { code, text } = await conformance(server.url, '--expected-failures', expected);
      expect(code, text).toBe(0);
      expect(text.match(/^.*: [1-9]\d* passed, 0 failed/gm), text).toHaveLength(passing);
    } finally {
      await server.close();
    }
  },
);

test('the built server passes all that needs no fixture', async () => {
  await using server = await startHttp({ host: nowhere, args: ['--http-sessions'] });
  const { text } = await conformance(server.url);
  const passed = [...text.matchAll(/^. ([\w-]+): [1-9]\d* passed, 0 failed/gm)].map(([, name]) => name);
  expect(passed, text).toEqual([
    'server-initialize',
    'server-session-lifecycle',
    'ping',
    'completion-complete',
    'tools-list',
    'server-sse-multiple-streams',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
  ]);
});
