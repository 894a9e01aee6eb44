import { inUrl, isLoopback } from './address.ts';
import { type HttpServerOptions, startHttpServer } from './node-server.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Serves over HTTP until a signal comes; then every running call is cancelled, which closes its connection to Ollama.
 *
 * @returns the exit code of the process.
 */
export async function serveHttp(options: HttpServerOptions, say: (line: string) => void): Promise<number> {
  const { address } = options;
  if (options.token === undefined && !isLoopback(address)) {
    say(`${address.host} can be reached from other machines: set OLLAMA_MCP_TOKEN, which clients then have to send.`);
    return 2;
  }
  const signal = new Promise((resolve) => {
    for (const name of SIGNALS) process.once(name, resolve);
  });
  try {
    const server = await startHttpServer(options);
    say(`listening at ${server.url}`);
    await signal;
    await server.close();
    return 0;
  } catch (error) {
    say(`Cannot listen at ${inUrl(address)}: ${error instanceof Error ? error.message : String(error)}.`);
    return 1;
  }
}
