import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startHttpServer } from '../../packages/mcp-server/src/http-server.ts';
import { conformanceServer } from './conformance-fixtures.ts';

const suite = fileURLToPath(
  new URL('../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

/** The whole of the official suite, which fails for what fails unexpectedly, and for what passes unexpectedly. */
const conformance = (url: string, baseline: string) =>
  new Promise<{ code: number; text: string }>((resolve) => {
    const args = [suite, 'server', '--url', url, '--expected-failures', baseline];
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    );
  });

test.each([
  ['with sessions', true, 'conformance-sessions.yml', 27],
  ['stateless', false, 'conformance-stateless.yml', 23],
])('the official conformance suite passes but for what is written down: %s', async (_, sessions, baseline, passing) => {
  const server = await startHttpServer({
    address: { host: '127.0.0.1', port: 0 },
    createServer: conformanceServer,
    sessions,
    allow: [],
  });
  try {
    const { code, text } = await conformance(server.url, fileURLToPath(new URL(baseline, import.meta.url)));
    expect(code, text).toBe(0);
    expect(text.match(/^.*: [1-9]\d* passed, 0 failed/gm), text).toHaveLength(passing);
  } finally {
    await server.close();
  }
});
