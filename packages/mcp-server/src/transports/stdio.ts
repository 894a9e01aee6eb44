import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { McpServer } from '../server/mcp-server.ts';
import { createSdkServer } from '../server/sdk-server.ts';

/** Longest wait for a client to read what was already written. */
const FLUSH_MS = 500;

/**
 * Serves one client over stdin and stdout until it leaves or the signal aborts. Then every running call is cancelled,
 * which closes its connection to Ollama.
 *
 * @returns the exit code of the process.
 */
export async function serveStdio(mcp: McpServer, say: (line: string) => void, signal: AbortSignal): Promise<number> {
  const server = createSdkServer(mcp);
  const ended = new Promise<number>((resolve) => {
    // The SDK's transport does not watch for the end of its input.
    process.stdin.once('end', () => resolve(0));
    process.stdin.once('close', () => resolve(0));
    signal.addEventListener('abort', () => resolve(0), { once: true });
    server.onclose = () => resolve(1);
    server.onerror = (error) => say(describe(error));
  });
  await server.connect(new StdioServerTransport());
  const code = await ended;
  await server.close();
  mcp.close();
  await flush();
  return code;
}

/** The SDK reports unreadable input with a dump of its validator. */
function describe(error: Error): string {
  if (error.message.includes('maximum size'))
    return 'A message on stdin is larger than 10 MB; the connection is closed.';
  if (error instanceof SyntaxError || error.name === 'ZodError') return 'A line on stdin is not a JSON-RPC message.';
  return error.message;
}

function flush(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FLUSH_MS);
    process.stdout.write('', () => resolve());
  });
}
