/** The bundle for Claude Desktop: built, unpacked, and started like in a host. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getMcpConfigForManifest, type McpbManifestAny } from '@anthropic-ai/mcpb';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

let root = '';
let bundle = '';
/** The folder into which a host would unpack it. */
let unpacked = '';
let manifest: McpbManifestAny;

beforeAll(async () => {
  root = await mkdtemp(join(await realpath(tmpdir()), 'ollama-toolbelt-mcpb-test-'));
  bundle = join(root, 'server.mcpb');
  unpacked = join(root, 'unpacked');
  // The script validates and packs it with the official tool.
  await run(process.execPath, ['--conditions=source', path('../../../packages/mcp-server/scripts/mcpb.ts'), bundle]);
  await mkdir(unpacked);
  await run(process.execPath, [
    path('../../node_modules/@anthropic-ai/mcpb/dist/cli/cli.js'),
    'unpack',
    bundle,
    unpacked,
  ]);
  manifest = JSON.parse(await readFile(join(unpacked, 'manifest.json'), 'utf8')) as McpbManifestAny;
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Starts the server like a host, with the values that a person has filled in. */
async function startBundle(userConfig: Record<string, string | number | boolean | string[]>) {
  const config = await getMcpConfigForManifest({
    manifest,
    extensionPath: unpacked,
    systemDirs: {},
    userConfig,
    pathSeparator: '/',
  });
  if (config === undefined) throw new Error('The manifest starts nothing.');
  const client = new Client({ name: 'test', version: '1.0.0' });
  const { args = [], env = {} } = config;
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, cwd: root }));
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

test('it is small', async () => {
  expect((await stat(bundle)).size).toBeLessThanOrEqual(500_000);
});

test('its form has the settings, and hides the key', () => {
  expect(manifest.user_config).toMatchObject({
    host: { type: 'string' },
    apiKey: { type: 'string', sensitive: true },
    readOnly: { type: 'boolean', default: false },
    budgetMs: { type: 'number', default: 50_000 },
    allowDir: { type: 'directory', multiple: true },
  });
  expect(Object.values(manifest.user_config ?? {}).every(({ required }) => required === false)).toBe(true);
});

test('it starts with nothing filled in', async () => {
  await using server = await startBundle({});
  expect((await server.client.listTools()).tools.map(({ name }) => name)).toContain('ollama_chat');
});

test('values in the form reach the server', async () => {
  await using ollama = await startScripted();
  const filled = {
    host: ollama.host,
    apiKey: 'secret',
    model: 'chat-model',
    toolsets: 'inference,manage',
    allowDir: [root, unpacked],
  };
  await using server = await startBundle(filled);
  const { tools } = await server.client.listTools();
  expect(tools.map(({ name }) => name)).toContain('ollama_pull_model');
  // Tools only accept files if folders are allowed.
  expect(tools.find(({ name }) => name === 'ollama_chat')?.inputSchema.properties).toHaveProperty('files');
  await server.client.callTool({ name: 'ollama_generate', arguments: { prompt: 'Hi' } });
  expect(ollama.lastRequest.body).toMatchObject({ model: 'chat-model' });
  expect(ollama.lastRequest.headers).toMatchObject({ authorization: 'Bearer secret' });
});

test('read only is a switch in the form', async () => {
  await using server = await startBundle({ readOnly: true, toolsets: 'models,manage' });
  const { tools } = await server.client.listTools();
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
});
