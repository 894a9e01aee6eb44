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

/** The tools of the baseline: as many as ours, which have one argument and do nothing. */
const TOOLS = `
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
function bare() {
  const server = new McpServer({ name: 'bare', version: '1.0.0' });
  for (let number = 1; number <= 17; number++) {
    const options = { description: 'Does nothing.', inputSchema: z.object({ text: z.string() }) };
    server.registerTool('nothing_' + number, options, () => ({ content: [] }));
  }
  return server;
}
`;

/** The baseline, by transport: the same SDK, bundled the same way, with no more of it than the transport needs. */
const bareScripts = {
  stdio: `
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
await bare().connect(new StdioServerTransport());
`,
  modern: `
import { serveStdio } from '@modelcontextprotocol/server/stdio';
serveStdio(bare);
`,
  http: `
import { createServer } from 'node:http';
import { createMcpHandler } from '@modelcontextprotocol/server';
const handler = createMcpHandler(bare);
const server = createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { url, method, headers } = incoming;
  const response = await handler.fetch(new Request('http://localhost' + url, { method, headers, body: Buffer.concat(chunks) }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
});
server.listen(0, '127.0.0.1', () => console.error('listening at http://127.0.0.1:' + server.address().port + '/mcp'));
`,
};

export type BareServers = Readonly<Record<keyof typeof bareScripts, Server>>;

interface Esbuild {
  build(options: object): Promise<unknown>;
}

export async function bareServers(folder: string): Promise<BareServers> {
  // esbuild comes with tsup.
  const esbuild: Esbuild = createRequire(realpathSync(path('../../node_modules/tsup/package.json')))('esbuild');
  const bundle = async (name: keyof typeof bareScripts): Promise<Server> => {
    const script = join(folder, `bare-${name}.mjs`);
    await esbuild.build({
      stdin: { contents: TOOLS + bareScripts[name], resolveDir: path('../../packages/mcp-server') },
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
  };
  return { stdio: await bundle('stdio'), modern: await bundle('modern'), http: await bundle('http') };
}
