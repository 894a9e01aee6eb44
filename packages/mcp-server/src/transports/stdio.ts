import type { McpServer } from '../server/mcp-server.ts';
import { createSdkServer } from '../server/sdk-server.ts';
import type { MemoryBudget } from '../tools/memory-budget.ts';
import { StdioTransport } from './stdio-transport.ts';

/** Longest wait for a client to read what was already written. */
const FLUSH_MS = 500;

/**
 * Serves one client over stdin and stdout until it leaves or the signal aborts. Then every running call is cancelled,
 * which closes its connection to Ollama.
 *
 * @returns the exit code of the process.
 */
export async function serveStdio(
  mcp: McpServer,
  memory: MemoryBudget,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const server = createSdkServer(mcp);
  const ended = new Promise<number>((resolve) => {
    // The SDK's transport does not watch for the end of its input.
    process.stdin.once('end', () => resolve(0));
    process.stdin.once('close', () => resolve(0));
    signal.addEventListener('abort', () => resolve(0), { once: true });
    // The SDK writes what it got into its errors, which may be part of a prompt.
    server.onerror = () => say('A message of the client could not be used.');
  });
  await server.connect(new StdioTransport(memory, say));
  const code = await ended;
  await server.close();
  mcp.close();
  await flush();
  return code;
}

function flush(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FLUSH_MS);
    process.stdout.write('', () => resolve());
  });
}
