import { isLoopback } from '@ollama-toolbelt/core/neutral';

/** The issuer whose access tokens are accepted, and their required audience. */
export interface OAuthOptions {
  /** The authorization server, exactly as in its own metadata. */
  issuer: string;
  /** The URL of this MCP server for clients: the `aud` of tokens. */
  audience: string;
}

/** The host name in the server's own URL is always allowed. */
export const namesOf = (oauth: OAuthOptions | undefined): string[] => (oauth ? [new URL(oauth.audience).hostname] : []);

/** The problem with one of the addresses, if any. `name` is the name of the setting. */
export function oauthUrlProblem(name: string, text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isSafe) {
    return `${name} should be an https URL; http is only for addresses of this machine.`;
  }
  // A URL may contain all of these characters, so a list would be one URL that no token has.
  if (/[\s,;]+https?:/i.test(text)) return `${name} should be one URL, not several.`;
  const isPlain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isPlain ? undefined : `${name} should have no user, no query and no fragment.`;
}
