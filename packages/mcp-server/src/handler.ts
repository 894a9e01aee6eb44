/**
 * `@ollama-toolbelt/mcp-server/handler`: the MCP server as a web-standard handler, for workers and functions. It needs
 * nothing but the platform's fetch, streams and cryptography, and keeps nothing from one request to the next.
 */
import { createOllama } from '@ollama-toolbelt/core/fetch';
import { newestProtocol, type Protocol, protocolProblem } from './server/protocols.ts';
import { stateKeyFor } from './server/state-key.ts';
import { OllamaServers } from './servers/ollama-servers.ts';
import { addressProblem, type ServerAddress, serverAddresses } from './servers/server-addresses.ts';
import { createGuard, hostNameProblem } from './transports/http/guard.ts';
import { httpServers } from './transports/http/http-servers.ts';
import { namesOf, oauthUrlProblem } from './transports/http/oauth/oauth-options.ts';
import { HttpService } from './transports/http/service.ts';
import { tokenProblem } from './transports/http/token.ts';

export interface HandlerOptions {
  /** Bearer token that every client must send. It allows everything. Without it, `oauth` is required. */
  token?: string | undefined;
  /** Accepts OAuth access tokens, instead of the token or in addition to it. Each allows what its scopes say. */
  oauth?: HandlerOAuth | undefined;
  /** Host names under which the handler is reached, and those of web pages that may call it. */
  allow?: readonly string[] | undefined;
  /**
   * Ollama server, in any form of OLLAMA_HOST. Several servers have names, which may prefix the names of their models
   * (`gpu/llama3.2`): `{ gpu: 'http://10.0.0.5:11434', … }`, or `'gpu=http://10.0.0.5:11434,…'`. @default '127.0.0.1:11434'
   */
  host?: string | Readonly<Record<string, string>> | undefined;
  /**
   * Sent to the Ollama server as a bearer token, and nowhere else. If there are several servers, a single
   * key is only sent to ollama.com. Servers can have their own keys: `{ gpu: '…' }`, or `'gpu=…'`.
   */
  apiKey?: string | Readonly<Record<string, string>> | undefined;
  /** Model for calls that name none. Makes `model` optional. */
  model?: string | undefined;
  /** The same for embeddings. */
  embedModel?: string | undefined;
  /** Groups of tools: inference, models, manage, web. @default inference and models; none with `tools` */
  toolsets?: readonly string[] | undefined;
  /** Single tools, in addition to the toolsets. */
  tools?: readonly string[] | undefined;
  /** Tools to leave out, by name. */
  excludeTools?: readonly string[] | undefined;
  /** Only tools that change nothing; overrides the other choices. @default false */
  readOnly?: boolean | undefined;
  /** Milliseconds after which a call returns the answer so far; 0 for no limit. @default 50000 */
  budgetMs?: number | undefined;
  /** Newest supported revision of MCP. Use 2025-11-25 for hosts that mix up revisions. @default '2026-07-28' */
  protocol?: Protocol | undefined;
  /** Receives one line for each request, without its content. */
  log?: ((line: string) => void) | undefined;
}

export interface HandlerOAuth {
  /** The authorization server, exactly as in its own metadata. */
  issuer: string;
  /** The URL that clients use for this MCP server, such as `https://models.example.com/mcp`. */
  audience: string;
}

/**
 * Answers MCP at `/mcp` and `/healthz`, whatever the host name.
 *
 * @throws Error if neither a token nor OAuth is given, and for an option that is not valid.
 *
 * @example
 * ```ts
 * import { createHandler } from '@ollama-toolbelt/mcp-server/handler';
 *
 * const handle = createHandler({ token: 'a-long-random-secret', allow: ['models.example.com'] });
 * const { status } = await handle(new Request('https://models.example.com/healthz'));
 * console.log(status); // 200
 * ```
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const { token, oauth, allow = [], model, embedModel, toolsets, tools, excludeTools, readOnly } = options;
  if (!token && !oauth) {
    throw new Error(
      'createHandler needs a token or oauth: without either, anyone who knows the address could use the models.',
    );
  }
  const problem =
    (token ? tokenProblem(token) : undefined) ??
    (oauth && oauthUrlProblem('oauth.issuer', oauth.issuer)) ??
    (oauth && oauthUrlProblem('oauth.audience', oauth.audience)) ??
    allow.map(hostNameProblem).find(Boolean) ??
    protocolProblem('protocol', options.protocol ?? newestProtocol);
  if (problem !== undefined) throw new Error(problem);
  const service = new HttpService({
    // No limit on parallel calls: a worker that is stopped during a call would never free its slot.
    ...httpServers({
      servers: serversFor(options),
      addressSetting: 'the option host',
      mode: 'stateless',
      protocol: options.protocol ?? newestProtocol,
      stateKey: stateKeyFor(options),
      models: { chat: model, embed: embedModel },
      select: {
        ...(toolsets && { toolsets }),
        ...(tools && { tools }),
        ...(excludeTools && { excludeTools }),
        ...(readOnly !== undefined && { readOnly }),
      },
      ...(options.budgetMs !== undefined && { budgetMs: options.budgetMs }),
    }),
    guard: createGuard({ allow: [...allow, ...namesOf(oauth)], allowHint: 'To allow others, use the option allow.' }),
    token: token || undefined,
    oauth,
    log: options.log,
  });
  return (request) => service.handle(request);
}

/** @throws Error for an address that is not valid, and for a key that names no server. */
function serversFor({ host = '', apiKey }: Pick<HandlerOptions, 'host' | 'apiKey'>): OllamaServers {
  const problem = addressProblem(host);
  if (problem !== undefined) throw new Error(`host: ${problem}`);
  const [first, ...others] = serverAddresses(host, apiKey);
  const own = ({ name, host, apiKey }: ServerAddress) => ({ name, ollama: createOllama({ host, apiKey }) });
  return new OllamaServers(own(first), ...others.map(own));
}
