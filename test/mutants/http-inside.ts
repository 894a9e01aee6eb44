/**
 * Replaces `fixtures/mcp-http/http-process.ts` in mutation tests: the same server with the same settings, but in this
 * process, where a fault can be switched on without a new start.
 */
// Otherwise loaded with the first call, whose test would seem to run everything that runs while it is loaded.
import '../../packages/mcp-server/src/server/tool-calls.ts';
import { parseCommandLine } from '../../packages/mcp-server/src/cli/command-line.ts';
import { httpServerOptionsFor } from '../../packages/mcp-server/src/cli/http-server-options.ts';
import { parseHttpAddress } from '../../packages/mcp-server/src/transports/http/address.ts';
import { startHttpServer } from '../../packages/mcp-server/src/transports/http/node-server.ts';
import type { HttpProcess, HttpProcessOptions } from '../fixtures/mcp-http/http-process.ts';

export {
  callTool,
  connectHttp,
  type HttpConnection,
  type HttpProcess,
  type HttpProcessOptions,
  initialize,
  listTools,
  post,
  postHeaders,
} from '../fixtures/mcp-http/http-process.ts';

export async function startHttp({ host, args = [], env = {}, http = '0' }: HttpProcessOptions): Promise<HttpProcess> {
  const command = parseCommandLine(['--http', http, ...args], { OLLAMA_HOST: host, ...env });
  const address = parseHttpAddress(http);
  if (command.run !== 'serve' || address === undefined) throw new Error(`${args.join(' ')} does not serve`);
  const said: string[] = [];
  const log = command.config.verbose ? (line: string) => said.push(line) : undefined;
  const { url, close } = await startHttpServer(httpServerOptionsFor(command, address, log));
  return {
    // Tests of the process itself fail, so their results do not count.
    get child(): never {
      throw new Error('This server has no process of its own');
    },
    url,
    stdout: () => '',
    stderr: () => said.map((line) => `${line}\n`).join(''),
    [Symbol.asyncDispose]: close,
  };
}
