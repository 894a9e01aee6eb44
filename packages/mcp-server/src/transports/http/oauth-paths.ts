/** Where clients look for OAuth: by RFC 9728, by RFC 8414 and OpenID Connect, and where MCP had it before those. */
const PLACES =
  /^(\/.*)?\/\.well-known\/(oauth-protected-resource|oauth-authorization-server|openid-configuration)(\/|$)/;
const OLD_PLACES = ['/register', '/authorize', '/token'];

export const isOAuthPath = (path: string): boolean => PLACES.test(path) || OLD_PLACES.includes(path);

/** A 404 as clients of OAuth read errors, who show people its description. */
export const notHere = (problem: string): Response =>
  Response.json({ error: 'not_found', error_description: problem }, { status: 404 });
