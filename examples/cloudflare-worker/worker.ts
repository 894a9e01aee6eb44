import { createHandler } from '@ollama-toolbelt/mcp-server/handler';

/** Variables and secrets of the worker. */
interface Env {
  /** The address at which the worker reaches Ollama. */
  OLLAMA_HOST: string;
  /** Only if Ollama asks for a key. */
  OLLAMA_API_KEY?: string;
  /** The bearer token that every client sends. Required: anyone can find the address of a worker. */
  MCP_TOKEN: string;
  /** The host names of the worker, separated by commas. */
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
