/** Paths at which clients look for OAuth metadata: RFC 9728, RFC 8414, OpenID Connect, and those of older MCP. */
const PLACES =
  /^(\/.*)?\/\.well-known\/(oauth-protected-resource|oauth-authorization-server|openid-configuration)(\/|$)/;
const OLD_PLACES = ['/register', '/authorize', '/token'];

export const isOAuthPath = (path: string): boolean => PLACES.test(path) || OLD_PLACES.includes(path);

/** A 404 in the form of an OAuth error. Clients show its description to people. */
export const notHere = (problem: string): Response =>
  Response.json({ error: 'not_found', error_description: problem }, { status: 404 });
