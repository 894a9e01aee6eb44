import { createHandler } from '@ollama-toolbelt/mcp-server/handler';

/** Variables and secrets of the worker. */
interface Env {
  /** The address at which the worker reaches Ollama. */
  OLLAMA_HOST: string;
  /** Only if Ollama requires a key. */
  OLLAMA_API_KEY?: string;
  /** The bearer token that every client sends. This or OAuth is required: anyone can find the address of a worker. */
  MCP_TOKEN?: string;
  /**
   * The OAuth issuer of the clients' access tokens, and the URL of the worker, which the tokens must have as their
   * audience.
   */
  OAUTH_ISSUER?: string;
  OAUTH_AUDIENCE?: string;
  /** The host names of the worker, separated by commas. The name in OAUTH_AUDIENCE is allowed without it. */
  MCP_ALLOW?: string;
}

let handle: ReturnType<typeof createHandler> | undefined;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const { OAUTH_ISSUER: issuer, OAUTH_AUDIENCE: audience } = env;
    handle ??= createHandler({
      token: env.MCP_TOKEN,
      oauth: issuer && audience ? { issuer, audience } : undefined,
      allow: env.MCP_ALLOW?.split(',').filter(Boolean),
      host: env.OLLAMA_HOST,
      apiKey: env.OLLAMA_API_KEY,
    });
    return handle(request);
  },
};
