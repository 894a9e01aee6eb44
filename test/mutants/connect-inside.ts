/**
 * Replaces `fixtures/mcp/connect.ts` in mutation tests: the same client and server, but in this process, where a fault
 * can be switched on without a new start.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
// Otherwise loaded with the first call, whose test would seem to run everything that runs while it is loaded.
import '../../packages/mcp-server/src/server/tool-calls.ts';
import { parseCommandLine } from '../../packages/mcp-server/src/cli/command-line.ts';
import { optionsFor } from '../../packages/mcp-server/src/cli/server-options.ts';
import { createMcpServer } from '../../packages/mcp-server/src/server/mcp-server.ts';
import { sdkServers } from '../../packages/mcp-server/src/server/sdk-server.ts';
import type { Connection, ConnectOptions } from '../fixtures/mcp/connect.ts';

export { type CallResult, call, cli, hello, nowhere } from '../fixtures/mcp/connect.ts';

export async function connect({ host, args = [], capabilities = {} }: ConnectOptions): Promise<Connection> {
  const command = parseCommandLine(args, { OLLAMA_HOST: host });
  if (command.run !== 'serve') throw new Error(`${args.join(' ')} does not serve`);
  const output: string[] = [];
  const mcp = createMcpServer({ ...optionsFor(command, true), mode: 'session', log: (line) => output.push(line) });
  const server = sdkServers(mcp)('legacy');
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities });
  await Promise.all([server.connect(far), client.connect(near)]);
  return {
    client,
    pid: process.pid,
    stderr: () => output.join('\n'),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
      mcp.close();
    },
  };
}
