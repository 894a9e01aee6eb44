import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { packageFacts } from '../../../packages/mcp-server/scripts/package-facts.ts';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, cli, connect, hello, nowhere } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command to its end, without input. */
const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });

test('it starts and lists its tools with no Ollama running', async () => {
  await using connection = await connect({ host: nowhere });
  expect((await connection.client.listTools()).tools).toHaveLength(8);
  expect(connection.client.getServerVersion()).toMatchObject({
    name: 'ollama-toolbelt',
    version: packageFacts().version,
  });
  expect(connection.client.getInstructions()).toMatch(/Ollama/);
});

test('it sends nothing to Ollama before the first call', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  await connection.client.ping();
  expect(server.requests).toEqual([]);
});

test('every byte on stdout is JSON-RPC', async () => {
  await using server = await startScripted();
  await using raw = await startRaw({ host: server.host, args: ['--verbose'] });
  raw.write('this is not valid JSON\n\n{"jsonrpc":"2.0"}\n[]\n');
  await raw.request('tools/list');
  await raw.request('tools/call', { name: 'ollama_chat', arguments: hello, _meta: { progressToken: 'p' } });
  await raw.request('tools/call', { name: 'ollama_chat', arguments: { model: 1 } });
  await raw.request('tools/call', { name: 'nothing' });
  await raw.request('nothing/at-all');
  await server.refuse();
  await raw.request('tools/call', { name: 'ollama_status' });
  const out = raw.stdout();
  expect(out.endsWith('\n')).toBe(true);
  for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  expect(raw.stderr()).toContain('A line on stdin is not a JSON-RPC message.');
  expect(raw.stderr()).toMatch(/ollama_chat: done in \d+ ms/);
  expect(raw.stderr()).not.toContain('Hi');
});

test('requests that arrive together with the end of stdin are still answered', async () => {
  await using raw = await startRaw({});
  const listed = raw.request('tools/list');
  raw.child.stdin.end();
  expect(await listed).toMatchObject({ result: { tools: expect.any(Array) } });
});

test('a host that closes the output ends the server with 0 and prints nothing', async () => {
  await using raw = await startRaw({});
  const exited = once(raw.child, 'exit');
  raw.child.stdout.destroy();
  void raw.request('tools/list');
  expect(await exited).toEqual([0, null]);
  expect(raw.stderr()).toBe('');
});

test.each(['SIGTERM', 'the end of stdin'] as const)(
  'it exits after %s, even if the host reads nothing',
  async (how) => {
    await using raw = await startRaw({});
    raw.child.stdout.pause();
    for (let count = 0; count < 40; count++) void raw.request('tools/list');
    await new Promise((resolve) => raw.child.stdin.write('\n', resolve));
    const exited = once(raw.child, 'exit');
    if (how === 'SIGTERM') raw.child.kill('SIGTERM');
    else raw.child.stdin.end();
    // Nobody reads its output, so without its own timeout it would never exit.
    await exited;
  },
);

describe('command line', () => {
  test('--help and --version', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(0);
    for (const flag of ['--host', '--model', '--embed-model', '--verbose', 'OLLAMA_HOST']) {
      expect(help.stdout).toContain(flag);
    }
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${packageFacts().version}\n`, stderr: '' });
  });

  test.each([
    [['--nonsense'], {}, 'Unknown flag --nonsense'],
    [['serve'], {}, "Unexpected argument 'serve'"],
    [['--model'], {}, '--model'],
    [[], { OLLAMA_HOST: 'ftp://example.com' }, 'scheme other than http'],
    [['--host', 'a b'], {}, 'white space'],
    [[], { OLLAMA_MCP_VERBOSE: 'maybe' }, 'OLLAMA_MCP_VERBOSE should be 1 or 0'],
  ])('%j with %j fails with one clear line', async (args, env, text) => {
    const { code, stdout, stderr } = await run(args, env);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(text);
  });

  test('a flag overrides the variables', async () => {
    await using server = await startScripted();
    await using connection = await connect({ host: nowhere, args: ['--host', server.host] });
    expect((await call(connection, 'ollama_status')).structured).toMatchObject({ url: server.host, reachable: true });
  });
});

test('the bundle can be executed directly', () => {
  expect(() => accessSync(cli, constants.X_OK)).not.toThrow();
});

test('an old Node gets one line', async () => {
  using folder = await folderWith({
    'old.mjs': "Object.defineProperty(process.versions, 'node', { value: '16.20.2' });",
  });
  const old = new Promise<Ended>((resolve) => {
    execFile(process.execPath, ['--import', join(folder.path, 'old.mjs'), cli], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
  expect(await old).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^ollama-toolbelt-mcp: Node 20\.18\.1 or newer is needed; this is v[\d.]+\.\n$/),
  });
});

/** The oldest supported release line, from npm. */
const node20 = fileURLToPath(new URL('../../node_modules/node-20/bin/node', import.meta.url));

test('it runs on Node 20', async () => {
  expect(execFileSync(node20, ['--version'], { encoding: 'utf8' })).toMatch(/^v20\./);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, node: node20 });
  expect((await connection.client.listTools()).tools).toHaveLength(8);
  expect((await call(connection, 'ollama_chat', hello)).structured).toMatchObject({ done_reason: 'stop' });
});
