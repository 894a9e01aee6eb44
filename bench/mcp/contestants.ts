/** The compared servers. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Server {
  name: string;
  script: string;
  /** Name of its chat tool. The bare server has none. */
  chatTool?: string;
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export const ours: Server = {
  name: 'ours',
  script: path('../../packages/mcp-server/dist/cli.js'),
  chatTool: 'ollama_chat',
};

export const peersIn = (folder: string): Server[] => [
  { name: 'ollama-mcp', script: join(folder, 'node_modules/ollama-mcp/dist/index.js'), chatTool: 'ollama_chat' },
  {
    name: 'ollama-mcp-server',
    script: join(folder, 'node_modules/ollama-mcp-server/build/index.js'),
    chatTool: 'chat_completion',
  },
];

/** The baseline: as many tools as ours, which have one argument and do nothing. Same SDK, bundled the same way. */
const BARE = `
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
const server = new McpServer({ name: 'bare', version: '1.0.0' });
for (let number = 1; number <= 17; number++) {
  const options = { description: 'Does nothing.', inputSchema: z.object({ text: z.string() }) };
  server.registerTool('nothing_' + number, options, () => ({ content: [] }));
}
await server.connect(new StdioServerTransport());
`;

interface Esbuild {
  build(options: object): Promise<unknown>;
}

export async function bareServer(folder: string): Promise<Server> {
  // esbuild comes with tsup.
  const esbuild: Esbuild = createRequire(realpathSync(path('../../node_modules/tsup/package.json')))('esbuild');
  const script = join(folder, 'bare.mjs');
  await esbuild.build({
    stdin: { contents: BARE, resolveDir: path('../../packages/mcp-server') },
    outfile: script,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return { name: 'a bare server of the SDK', script };
}
