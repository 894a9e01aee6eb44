import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesIn, nodes, type PackedPackage, packedPackage, runTool } from '../../fixtures/packed-package.ts';

const run = promisify(execFile);

let packed: PackedPackage;
/** An empty folder without node_modules above it, like the one in which an agent host starts servers. */
let empty = '';

beforeAll(async () => {
  packed = await packedPackage('mcp-server');
  empty = join(packed.root, 'empty');
  await mkdir(empty);
});
afterAll(() => packed[Symbol.asyncDispose]());

test('publint finds nothing', async () => {
  const { ok, text } = await runTool('publint', ['run', '--strict', packed.tarball]);
  expect(text).toContain('All good!');
  expect(ok).toBe(true);
});

test('it is one program with its documents', async () => {
  expect(await filesIn(packed.directory)).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/THIRD-PARTY.txt',
    'dist/cli.js',
    'dist/cli.js.map',
    'dist/command.js',
    'dist/command.js.map',
    'dist/handler.d.ts',
    'dist/handler.js',
    'dist/handler.js.map',
    'dist/on-demand/minimatch.cjs',
    'dist/on-demand/socks.cjs',
    'dist/on-demand/undici.cjs',
    'dist/setup.js',
    'dist/setup.js.map',
    'package.json',
  ]);
  const manifest = JSON.parse(await readFile(join(packed.directory, 'package.json'), 'utf8'));
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies']) {
    expect(manifest).not.toHaveProperty(kind);
  }
  expect(manifest.bin).toEqual({ 'ollama-toolbelt-mcp': 'dist/cli.js' });
  expect(await readFile(join(packed.directory, 'dist/cli.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const program = join(packed.directory, 'dist/command.js');
  // The SDK with its schemas for both eras takes 205 kB of this, zod 107 kB.
  expect((await stat(program)).size).toBeLessThan(710_000);
  // The start does not need parsers of settings and patterns, HTTP or SOCKS.
  expect(await readFile(program, 'utf8')).not.toMatch(
    /LOG_TOKENS|Invalid TOML document|pattern is too long|UND_ERR_HEADERS_OVERFLOW|Proxy connection timed out/,
  );
});

test.each([
  ['cli', 'cli'],
  ['command', 'command'],
  ['handler', 'handler'],
  ['setup', 'cli/setup/setup'],
])('the map of %s.js names its sources, but does not contain them', async (name, source) => {
  const map = JSON.parse(await readFile(join(packed.directory, `dist/${name}.js.map`), 'utf8'));
  expect(map.sources).toContain(`../src/${source}.ts`);
  expect(
    map.sources.filter((source: string) => /^(\/|\w:[\\/])/.test(source)),
    'paths of this machine',
  ).toEqual([]);
  expect(map).not.toHaveProperty('sourcesContent');
});

test('the licenses of bundled packages are included', async () => {
  const notices = await readFile(join(packed.directory, 'dist/THIRD-PARTY.txt'), 'utf8');
  for (const [name, license] of [
    ['@modelcontextprotocol/server', 'Apache-2.0'],
    ['@modelcontextprotocol/core', 'Apache-2.0'],
    ['jsonc-parser', 'MIT'],
    ['undici', 'MIT'],
    ['yaml', 'ISC'],
    ['zod', 'MIT'],
  ]) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(${license}\\)$`, 'm'));
  }
  expect(notices).toMatch(/^llhttp \(MIT\), as WebAssembly in undici \d/m);
  expect(notices).toContain('Permission is hereby granted');
});

test.each(nodes)('setup runs from the package on Node $version', async ({ version, node }) => {
  const home = join(packed.root, `home-${version}`);
  for (const folder of ['.cursor', '.codex', '.continue']) await mkdir(join(home, folder), { recursive: true });
  // Setup does not create it.
  await writeFile(join(home, '.continue/config.yaml'), 'name: Local\nversion: 1.0.0\n');
  await run(node, [join(packed.directory, 'dist/cli.js'), 'setup', '--yes'], { env: { HOME: home, PATH: '' } });
  for (const file of ['.cursor/mcp.json', '.codex/config.toml', '.continue/config.yaml'])
    expect(await readFile(join(home, file), 'utf8')).toContain('@ollama-toolbelt/mcp-server');
});

interface Start {
  name: string;
  command: string;
  args: () => string[];
  /** The Node that the first line of a script finds. */
  node: string;
}

const starts: readonly Start[] = nodes.flatMap(({ version, node }) => [
  {
    name: `node on Node ${version}`,
    command: node,
    args: () => [join(packed.directory, 'dist/cli.js')],
    node,
  },
  {
    // Like agent hosts start it, except for the registry.
    name: `npx on Node ${version}`,
    command: 'npx',
    args: () => ['--yes', '--offline', '--package', packed.tarball, 'ollama-toolbelt-mcp'],
    node,
  },
]);

test.for(starts)(
  'from an empty folder, started by $name, it lists tools and chats',
  async ({ command, args, node }) => {
    await using server = await startScripted();
    server.chat({ text: ['Hel', 'lo'] });
    const transport = new StdioClientTransport({
      command,
      args: args(),
      cwd: empty,
      stderr: 'pipe',
      env: {
        PATH: [dirname(node), process.env['PATH']].join(delimiter),
        OLLAMA_HOST: server.host,
        npm_config_cache: join(packed.root, 'npm-cache'),
      },
    });
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(transport);
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['ollama_chat', 'ollama_embed']));
      const messages = [{ role: 'user', content: 'Hi' }];
      const result = await client.callTool({ name: 'ollama_chat', arguments: { model: 'chat-model', messages } });
      expect(result.isError ?? false).toBe(false);
      expect(result.structuredContent).toMatchObject({ text: 'Hello' });
    } finally {
      await client.close();
    }
  },
);

test('each of these has the Node version in its name', async () => {
  for (const { version, node } of nodes) {
    const { stdout } = await run(node, ['--version']);
    expect(stdout).toMatch(new RegExp(`^v${version}\\.`));
  }
});
