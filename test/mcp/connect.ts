import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';

/** The built server, as it is published. */
export const cli = fileURLToPath(new URL('../../packages/mcp-server/dist/cli.js', import.meta.url));

export interface ConnectOptions {
  /** Address of Ollama. */
  host: string;
  args?: readonly string[];
  /** Path of the Node that runs the server; the one of the tests by default. */
  node?: string;
  /** What the client says it can do; nothing by default. */
  capabilities?: ClientCapabilities;
}

/** A real MCP client and the server process behind it; both end with the scope. */
export interface Connection extends AsyncDisposable {
  client: Client;
  pid: number;
  /** What the server wrote to stderr so far. */
  stderr(): string;
}

export async function connect({
  host,
  args = [],
  node = process.execPath,
  capabilities = {},
}: ConnectOptions): Promise<Connection> {
  const transport = new StdioClientTransport({
    command: node,
    args: [cli, ...args],
    env: { OLLAMA_HOST: host },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities });
  await client.connect(transport);
  return {
    client,
    pid: transport.pid ?? 0,
    stderr: () => said,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export interface CallResult {
  /** All text of the result. */
  text: string;
  structured: Record<string, unknown> | undefined;
  isError: boolean;
}

/** Calls a tool and gives what came back. */
export async function call(
  { client }: Pick<Connection, 'client'>,
  name: string,
  args: Record<string, unknown> = {},
  options: Parameters<Client['callTool']>[2] = {},
): Promise<CallResult> {
  const result = await client.callTool({ name, arguments: args }, undefined, options);
  const content = result.content as { type: string; text?: string }[];
  return {
    text: content.map(({ text = '' }) => text).join('\n'),
    structured: result.structuredContent as Record<string, unknown> | undefined,
    isError: result.isError === true,
  };
}

/** An address where nothing listens. */
export const nowhere = 'http://127.0.0.1:9';

export const hello = { model: 'chat-model', messages: [{ role: 'user', content: 'Hi' }] };
