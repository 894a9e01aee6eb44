import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startHttpServer } from '../../../packages/mcp-server/src/transports/http/node-server.ts';
import { nowhere } from '../../fixtures/mcp/connect.ts';
import { conformanceServer } from '../../fixtures/mcp-http/conformance-fixtures.ts';
import { ConformanceTasks } from '../../fixtures/mcp-http/conformance-tasks.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';

const suite = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

/** The official suite. It fails if a scenario fails or passes unexpectedly. */
const conformance = (url: string, ...options: string[]) =>
  new Promise<{ code: number; text: string }>((resolve) => {
    execFile(process.execPath, [suite, 'server', '--url', url, ...options], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    );
  });

interface Expected {
  scenario: string;
  revisions?: string[];
  modes?: string[];
  reason: string;
}

const baseline = parse(readFileSync(new URL('conformance.yml', import.meta.url), 'utf8')) as Expected[];

/** The scenarios that fail in one run, in the format of the suite. */
async function expectedIn(folder: string, revision: string, mode: string): Promise<string> {
  const server = baseline
    .filter(({ revisions = [revision], modes = [mode] }) => revisions.includes(revision) && modes.includes(mode))
    .map(({ scenario }) => scenario);
  const file = join(folder, 'expected.yml');
  await writeFile(file, stringify({ server }));
  return file;
}

test('each entry of the baseline has a reason', () => {
  for (const { scenario, reason } of baseline) expect(reason, scenario).toMatch(/^[A-Z].{6,}\.$/s);
});

test.each([
  ['2025-11-25', 'session', 29],
  ['2025-11-25', 'stateless', 24],
  ['2026-07-28', 'session', 46],
  ['2026-07-28', 'stateless', 38],
] as const)('%s, %s: the official suite passes except for the listed scenarios', async (revision, mode, passing) => {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const tasks = mode === 'session' ? new ConformanceTasks() : undefined;
  const server = await startHttpServer({
    address: { host: '127.0.0.1', port: 0 },
    createServer: () => conformanceServer(),
    modern: { createServer: (_, method) => conformanceServer(method, tasks), close: () => tasks?.close() },
    mode,
    allow: [],
  });
  try {
    const expected = await expectedIn(folder, revision, mode);
    const { code, text } = await conformance(server.url, '--requirements', revision, '--expected-failures', expected);
    expect(code, text).toBe(0);
    expect(text.match(/^.*: [1-9]\d* passed, 0 failed/gm), text).toHaveLength(passing);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});

test('the built server passes all scenarios that need no fixture', async () => {
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
