import { type StdioServerHandle, serveStdio as serveEra } from '@modelcontextprotocol/server/stdio';
import type { McpServer } from '../server/mcp-server.ts';
import type { Protocol } from '../server/protocols.ts';
import { sdkServers } from '../server/sdk-server.ts';
import type { MemoryBudget } from '../tools/memory-budget.ts';
import { StdioTransport } from './stdio-transport.ts';
import { TaskListeningTransport } from './task-listening-transport.ts';

/** Maximum time to wait for a client to read the output. */
const FLUSH_MS = 500;

export interface StdioOptions {
  protocol: Protocol;
  /** Memory budget of large messages. */
  memory: MemoryBudget;
  /** Receives problems, for people. */
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Serves one client over stdin and stdout until it disconnects or the signal aborts. Then all running calls are
 * cancelled, which closes their connections to Ollama.
 *
 * @returns the exit code of the process.
 */
export async function serveStdio(mcp: McpServer, options: StdioOptions): Promise<number> {
  const { signal } = options;
  const ended = new Promise<number>((resolve) => {
    // The transport does not detect the end of its input.
    process.stdin.once('end', () => resolve(0));
    process.stdin.once('close', () => resolve(0));
    signal.addEventListener('abort', () => resolve(0), { once: true });
  });
  const server = await connect(mcp, options);
  const code = await ended;
  await server.close();
  mcp.close();
  await flush();
  return code;
}

async function connect(mcp: McpServer, { protocol, memory, say }: StdioOptions): Promise<StdioServerHandle> {
  const create = sdkServers(mcp);
  const stdio = new StdioTransport(memory, say);
  // The SDK's errors quote the message, which may contain a prompt.
  const onerror = () => say('A message of the client could not be used.');
  if (protocol !== '2025-11-25') {
    const transport = mcp.tasks ? new TaskListeningTransport(stdio, mcp.tasks) : stdio;
    return serveEra(({ era }) => create(era), { transport, onerror });
  }
  const server = create('legacy');
  server.onerror = onerror;
  await server.connect(stdio);
  return server;
}

function flush(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FLUSH_MS);
    process.stdout.write('', () => resolve());
  });
}
