/**
 * Takes the place of `fixtures/mcp/connect.ts` where faults are tried: the same client and the same server, in this
 * process, where a fault can be switched on and costs no start.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { createOllama } from '@ollama-toolbelt/core/node';
import { parseCommandLine } from '../../packages/mcp-server/src/cli/command-line.ts';
import { DiskFiles } from '../../packages/mcp-server/src/cli/disk-files.ts';
import { createMcpServer } from '../../packages/mcp-server/src/server/mcp-server.ts';
import { createSdkServer } from '../../packages/mcp-server/src/server/sdk-server.ts';
import type { Connection, ConnectOptions } from '../fixtures/mcp/connect.ts';

export * from '../fixtures/mcp/connect.ts';

export async function connect({ host, args = [], capabilities = {} }: ConnectOptions): Promise<Connection> {
  const command = parseCommandLine(args, { OLLAMA_HOST: host });
  if (command.run !== 'serve') throw new Error(`${args.join(' ')} does not serve`);
  const { model, embedModel, toolsets, tools, excludeTools, readOnly, allowDir, confirm, budgetMs } = command.config;
  const files = allowDir.length > 0 ? new DiskFiles(allowDir) : undefined;
  const said: string[] = [];
  const mcp = createMcpServer({
    ollama: createOllama({ host, concurrency: 2, openFile: files && ((path) => files.openForCore(path)) }),
    mode: 'session',
    models: { chat: model, embed: embedModel },
    select: { toolsets, tools, excludeTools, readOnly },
    ...(files && { files }),
    confirm: confirm === 'argument' ? 'argument' : 'ask',
    budgetMs,
    log: (line) => said.push(line),
  });
  const server = createSdkServer(mcp);
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities });
  await Promise.all([server.connect(far), client.connect(near)]);
  return {
    client,
    pid: process.pid,
    stderr: () => said.join('\n'),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
      mcp.close();
    },
  };
}
