import { createHandler } from '@ollama-toolbelt/mcp-server/handler';

/** Variables and secrets of the worker. */
interface Env {
  /** Address of Ollama, as the worker reaches it. */
  OLLAMA_HOST: string;
  /** Only where Ollama asks for a key. */
  OLLAMA_API_KEY?: string;
  /** What every client has to send as its bearer token. Required: anyone can find the address of a worker. */
  MCP_TOKEN: string;
  /** The host names of the worker, with commas between them. */
  MCP_ALLOW: string;
}

let handle: ReturnType<typeof createHandler> | undefined;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    handle ??= createHandler({
      token: env.MCP_TOKEN,
      allow: env.MCP_ALLOW.split(','),
      host: env.OLLAMA_HOST,
      apiKey: env.OLLAMA_API_KEY,
    });
    return handle(request);
  },
};
