import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js';
import { answerTextKey } from '../packages/mcp-server/src/calls/progress.ts';
import { type ErrorMeta, errorKey } from '../packages/mcp-server/src/calls/result.ts';

const SERVER = fileURLToPath(new URL('../packages/mcp-server/dist/cli.js', import.meta.url));

/** An MCP client, connected to the built server as an agent host is. */
export interface McpClient extends AsyncDisposable {
  tools(): Promise<{ name: string; title: string }[]>;
  /** `onText` gets a model's answer as it arrives. */
  call(tool: string, args: object, onText?: (text: string) => void): Promise<ToolResult>;
}

export interface ToolResult {
  isError: boolean;
  /** The error, if it came from an Ollama call. */
  errorCode: string | undefined;
  text: string;
  value: Record<string, unknown>;
}

export async function connect(host: string, signal: AbortSignal): Promise<McpClient> {
  const client = new Client({ name: 'ollama-toolbelt-demo', version: '0' });
  // A person's settings for their own server would change the output.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => value !== undefined && !name.startsWith('OLLAMA_MCP_')),
  );
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
    async call(name, args, onText) {
      const result = (await client.callTool({ name, arguments: { ...args } }, undefined, {
        signal,
        // A large model on a slow machine needs time; Ctrl-C works meanwhile.
        timeout: 600_000,
        ...(onText && { onprogress: (progress) => onText(textOf(progress)), resetTimeoutOnProgress: true }),
      })) as CallToolResult;
      return {
        isError: result.isError === true,
        errorCode: (result._meta?.[errorKey] as ErrorMeta | undefined)?.code,
        text: result.content.map((item) => (item.type === 'text' ? item.text : '')).join('\n'),
        value: result.structuredContent ?? {},
      };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The piece of the answer in a progress notification. */
function textOf(progress: Progress & { _meta?: Record<string, unknown> }): string {
  const text = progress._meta?.[answerTextKey];
  return typeof text === 'string' ? text : '';
}
