import type { Scope } from '../../../tools/tool.ts';
import type { OAuthOptions } from './oauth-options.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The metadata of this server as an OAuth resource (RFC 9728). */
export class ResourceMetadata {
  /** Its address for clients, derived from the address that they use for this server. */
  readonly url: string;
  readonly #paths: ReadonlySet<string>;
  readonly #document: object;

  /**
   * @param scopes Scopes that clients can ask for.
   * @param mcpPath Path of the MCP endpoint here. Behind a proxy, clients may use a different path.
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

  /** The metadata document, if this is its path. */
  at(path: string): object | undefined {
    return this.#paths.has(path) ? this.#document : undefined;
  }
}
