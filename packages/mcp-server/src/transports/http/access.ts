import { isAllowed, type ScopeRules } from '../../server/scope-rules.ts';
import type { Caller } from './caller.ts';
import { type Challenge, challenge } from './challenge.ts';
import { isPreflight, preflightAnswer } from './cors.ts';
import { jsonError } from './json-rpc-error.ts';
import type { TokenCheck } from './oauth/access-token.ts';
import type { OAuthOptions } from './oauth/oauth-options.ts';
import { ResourceMetadata } from './oauth/resource-metadata.ts';
import { isOAuthPath, notHere } from './oauth-paths.ts';
import { tokenCheck } from './token.ts';

const RETRY_AFTER_S = '5';

export interface AccessOptions {
  /** Token that allows everything. */
  token?: string | undefined;
  /** Accepts OAuth access tokens, each for what its scopes allow. With neither, no token is needed. */
  oauth?: OAuthOptions | undefined;
}

export type Admission = { caller: Caller } | { refusal: Response };

/** Checks the `Authorization` header: who may send requests, and which ones. */
export class Access {
  readonly #rules: ScopeRules;
  readonly #isToken: ((given: string) => Promise<boolean>) | undefined;
  readonly #oauth: OAuthOptions | undefined;
  readonly #metadata: ResourceMetadata | undefined;
  #checkAccessToken: ((token: string) => Promise<TokenCheck>) | undefined;

  /** @param mcpPath Path of the MCP endpoint. */
  constructor({ token, oauth }: AccessOptions, rules: ScopeRules, mcpPath: string) {
    this.#rules = rules;
    this.#isToken = token === undefined ? undefined : tokenCheck(token);
    this.#oauth = oauth;
    this.#metadata = oauth && new ResourceMetadata(oauth, rules.offered, mcpPath);
  }

  async admit({ headers }: Request): Promise<Admission> {
    if (this.#isToken === undefined && this.#oauth === undefined) return { caller: {} };
    // Stryker disable next-line StringLiteral: that has no token either
    const given = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (given === undefined) return { refusal: this.#unauthorized(this.#whatToSend) };
    if (await this.#isToken?.(given)) return { caller: {} };
    if (this.#oauth === undefined) {
      return { refusal: this.#unauthorized(`The bearer token is not the right one. ${NO_OAUTH}`, 'invalid_token') };
    }
    return this.#admitByOAuth(given, this.#oauth);
  }

  /** Refuses a message, or a batch with one, that needs a scope which the token does not have. */
  refuseMessage({ scopes }: Caller, message: unknown): Response | undefined {
    const messages = [message].flat() as Message[];
    const refused = messages
      .map(({ id, method, params }) => ({ id, needed: this.#rules.needed(method, params) }))
      .filter(({ needed }) => !isAllowed(scopes, needed));
    const [first] = refused;
    if (first === undefined) return undefined;
    const missing = refused.map(({ needed: [scope] }) => scope);
    // Includes the scopes that it has: some clients request only the ones named here.
    // Stryker disable next-line OptionalChaining: without scopes, nothing is refused
    const scope = this.#rules.offered.filter((one) => scopes?.has(one) || missing.includes(one));
    const problem = `This needs the scope ${[...new Set(missing)].join(' and ')}, which the access token does not have.`;
    return this.#forbidden(problem, scope, first.id);
  }

  /** Answers the paths at which clients look for OAuth metadata; `undefined` for others. */
  answerAt(path: string, request: Request): Response | undefined {
    if (!isOAuthPath(path)) return undefined;
    if (isPreflight(request)) return preflightAnswer(request, ['GET']);
    const metadata = this.#metadata?.at(path);
    if (metadata === undefined) return notHere(this.#isToken || this.#oauth ? this.#whatToSend : NOTHING_TO_SEND);
    const { method } = request;
    if (method === 'GET' || method === 'HEAD') return Response.json(metadata);
    return jsonError(405, `The method ${method} is not offered here.`, { headers: { Allow: 'GET, HEAD' } });
  }

  async #admitByOAuth(given: string, oauth: OAuthOptions): Promise<Admission> {
    // Loaded with the first token: it is not needed over stdio, or with a single token for everybody.
    this.#checkAccessToken ??= (await import('./oauth/access-token.ts')).accessTokenCheck(oauth);
    const check = await this.#checkAccessToken(given);
    if ('unavailable' in check) {
      const problem = `${check.unavailable} The access token was not checked: try again later.`;
      return { refusal: jsonError(503, problem, { headers: { 'Retry-After': RETRY_AFTER_S } }) };
    }
    if ('refused' in check) return { refusal: this.#unauthorized(check.refused, 'invalid_token') };
    const { subject, scopes } = check.grant;
    const { offered } = this.#rules;
    if (isAllowed(scopes, offered)) return { caller: { subject, scopes } };
    return { refusal: this.#forbidden(`The access token has none of the scopes ${offered.join(', ')}.`, offered) };
  }

  #unauthorized(problem: string, error?: Challenge['error']): Response {
    return challenge(401, problem, {
      ...(error && { error }),
      ...(this.#metadata && { scope: this.#rules.offered, resource_metadata: this.#metadata.url }),
    });
  }

  #forbidden(problem: string, scope: readonly string[], id: Message['id'] = null): Response {
    // Stryker disable next-line OptionalChaining: without OAuth, nothing is forbidden
    const resource_metadata = this.#metadata?.url ?? '';
    return challenge(403, problem, { error: 'insufficient_scope', scope, resource_metadata }, { id });
  }

  get #whatToSend(): string {
    if (this.#oauth === undefined) return `A bearer token is required. ${NO_OAUTH}`;
    const byOAuth = `An access token is required, of the issuer ${this.#oauth.issuer} and for ${this.#oauth.audience}: hosts that know OAuth get it when they connect.`;
    return this.#isToken === undefined ? byOAuth : `${byOAuth} Or ${SEND}.`;
  }
}

const SEND = 'send the header Authorization: Bearer TOKEN, with the token that this server was started with';
const NO_OAUTH = `There is no OAuth here: ${SEND}. Claude Code takes it by claude mcp add --header.`;
const NOTHING_TO_SEND = `There is no OAuth here, and no token is needed. MCP is at /mcp.`;

interface Message {
  id?: string | number | null;
  method?: unknown;
  params?: Readonly<Record<string, unknown>>;
}
