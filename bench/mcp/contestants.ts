/** The servers that are measured side by side. */
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Contestant {
  name: string;
  script: string;
  /** What it calls chat; the bare server has no such tool. */
  chatTool?: string;
}

const PEERS = [
  { name: 'ollama-mcp', version: '2.1.0', script: 'dist/index.js', chatTool: 'ollama_chat' },
  { name: 'ollama-mcp-server', version: '1.1.0', script: 'build/index.js', chatTool: 'chat_completion' },
];
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Ours as it was built, and a server that does nothing but list one empty tool, from the same SDK and bundler. */
export async function ownContestants(folder: string): Promise<{ ours: Contestant; bare: Contestant }> {
  return {
    ours: { name: 'ours', script: path('../../packages/mcp-server/dist/cli.js'), chatTool: 'ollama_chat' },
    bare: { name: 'bare SDK server', script: await bundleBare(folder) },
  };
}

/** The peers from npm, in a folder outside the workspace: nothing here depends on them. */
export async function peers(folder: string): Promise<Contestant[]> {
  const names = PEERS.map(({ name, version }) => `${name}@${version}`);
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', '--prefix', folder, ...flags, ...names]);
  return PEERS.map(({ name, script, chatTool }) => ({
    name,
    chatTool,
    script: join(folder, 'node_modules', name, script),
  }));
}

const BARE = `
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';
const server = new McpServer({ name: 'bare', version: '1.0.0' });
server.registerTool('nothing', { inputSchema: { text: z.string() } }, () => ({ content: [] }));
await server.connect(new StdioServerTransport());
`;

interface Esbuild {
  build(options: object): Promise<unknown>;
}

async function bundleBare(folder: string): Promise<string> {
  // esbuild comes with tsup.
  const esbuild: Esbuild = createRequire(realpathSync(path('../../node_modules/tsup/package.json')))('esbuild');
  const outfile = join(folder, 'bare.mjs');
  await esbuild.build({
    stdin: { contents: BARE, resolveDir: path('../../packages/mcp-server') },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}
