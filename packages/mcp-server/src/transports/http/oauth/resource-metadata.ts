import type { Scope } from '../../../tools/tool.ts';
import type { OAuthOptions } from './oauth-options.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** What clients learn about this server as a resource of OAuth (RFC 9728). */
export class ResourceMetadata {
  /** Where it is for clients: that follows from the address by which they know this server. */
  readonly url: string;
  readonly #paths: ReadonlySet<string>;
  readonly #document: object;

  /**
   * @param scopes What there is to ask for.
   * @param mcpPath Where MCP is here. Behind a proxy clients may know it by another path.
   */
  constructor({ issuer, audience }: OAuthOptions, scopes: readonly Scope[], mcpPath: string) {
    const { origin, pathname } = new URL(audience);
    const path = pathname.replace(/\/+$/, '');
    this.url = `${origin}${WELL_KNOWN}${path}`;
    this.#paths = new Set([WELL_KNOWN, `${WELL_KNOWN}${path}`, `${WELL_KNOWN}${mcpPath}`]);
    this.#document = {
      resource: audience,
      authorization_servers: [issuer],
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Ollama Toolbelt',
    };
  }

  /** The document, if it is at this path. */
  at(path: string): object | undefined {
    return this.#paths.has(path) ? this.#document : undefined;
  }
}
