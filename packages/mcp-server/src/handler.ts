/**
 * `@ollama-toolbelt/mcp-server/handler`: the MCP server as a web-standard handler, for workers and functions. It needs
 * nothing but the platform's fetch, streams and cryptography, and keeps nothing from one request to the next.
 */
import { createOllama } from '@ollama-toolbelt/core/fetch';
import { createGuard, hostNameProblem } from './transports/http/guard.ts';
import { HttpService, httpServers } from './transports/http/service.ts';
import { tokenCheck, tokenProblem } from './transports/http/token.ts';

export interface HandlerOptions {
  /** Bearer token that every client has to send. */
  token: string;
  /** Host names under which the handler is reached, and those of web pages that may call it. */
  allow?: readonly string[] | undefined;
  /** Ollama server, in any form OLLAMA_HOST takes. @default '127.0.0.1:11434' */
  host?: string | undefined;
  /** Sent to the Ollama server as a bearer token, and nowhere else. */
  apiKey?: string | undefined;
  /** Model of calls that name none; then `model` is optional. */
  model?: string | undefined;
  /** The same for embeddings. */
  embedModel?: string | undefined;
  /** Groups of tools: inference, models, manage, web. @default inference and models; none with `tools` */
  toolsets?: readonly string[] | undefined;
  /** Single tools, besides those of the toolsets. */
  tools?: readonly string[] | undefined;
  excludeTools?: readonly string[] | undefined;
  /** Only tools that change nothing, whatever else is chosen. @default false */
  readOnly?: boolean | undefined;
  /** Milliseconds after which a call answers with the text there is; 0 for none. @default 50000 */
  budgetMs?: number | undefined;
  /** Gets one line for each request, without its content. */
  log?: ((line: string) => void) | undefined;
}

/**
 * Answers MCP at `/mcp` and `/healthz`, whatever the host name.
 *
 * @throws Error for a missing token, and for an option that is not valid.
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const { token, allow = [], host, apiKey, model, embedModel, toolsets, tools, excludeTools, readOnly } = options;
  if (!token) throw new Error('createHandler needs a token: without one, anyone who knows the address could use the models.');
  const problem = tokenProblem(token) ?? allow.map(hostNameProblem).find(Boolean);
  if (problem !== undefined) throw new Error(problem);
  const service = new HttpService({
    // No limit of calls at a time: a worker that is ended during a call would never give its turn back.
    ...httpServers({
      ollama: createOllama({ host, apiKey }),
      addressSetting: 'the option host',
      mode: 'stateless',
      models: { chat: model, embed: embedModel },
      select: {
        ...(toolsets && { toolsets }),
        ...(tools && { tools }),
        ...(excludeTools && { excludeTools }),
        ...(readOnly !== undefined && { readOnly }),
      },
      ...(options.budgetMs !== undefined && { budgetMs: options.budgetMs }),
    }),
    guard: createGuard({ allow, allowHint: 'The option allow names further ones.', isToken: tokenCheck(token) }),
    log: options.log,
  });
  return (request) => service.handle(request);
}
