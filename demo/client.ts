import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js';

const SERVER = fileURLToPath(new URL('../packages/mcp-server/dist/cli.js', import.meta.url));

/** An MCP client, connected to the built server as an agent host would be. */
export interface McpClient extends AsyncDisposable {
  tools(): Promise<{ name: string; title: string }[]>;
  call(tool: string, args: object, onProgress?: (progress: Progress) => void): Promise<ToolResult>;
}

export interface ToolResult {
  isError: boolean;
  text: string;
  value: Record<string, unknown>;
}

export async function connect(host: string, signal: AbortSignal): Promise<McpClient> {
  const client = new Client({ name: 'ollama-toolbelt-demo', version: '0' });
  const env = Object.fromEntries(Object.entries(process.env).filter((entry) => entry[1] !== undefined));
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [SERVER],
      env: { ...(env as Record<string, string>), OLLAMA_HOST: host },
      stderr: 'inherit',
    }),
    { signal },
  );
  return {
    async tools() {
      const { tools } = await client.listTools(undefined, { signal });
      return tools.map(({ name, title }) => ({ name, title: title ?? '' }));
    },
    async call(name, args, onProgress) {
      const result = (await client.callTool({ name, arguments: { ...args } }, undefined, {
        signal,
        // A large model on a slow machine takes its time; Ctrl-C is there.
        timeout: 600_000,
        ...(onProgress && { onprogress: onProgress, resetTimeoutOnProgress: true }),
      })) as CallToolResult;
      return {
        isError: result.isError === true,
        text: result.content.map((item) => (item.type === 'text' ? item.text : '')).join('\n'),
        value: result.structuredContent ?? {},
      };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
