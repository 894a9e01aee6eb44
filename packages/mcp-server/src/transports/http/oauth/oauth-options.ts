import { isLoopback } from '@ollama-toolbelt/core/neutral';

/** Whose access tokens are taken, and for whom they have to be meant. */
export interface OAuthOptions {
  /** The authorization server, as its own metadata calls it. */
  issuer: string;
  /** This MCP server, by the URL that clients use: what tokens have in `aud`. */
  audience: string;
}

/** By the name in its own URL a server may be reached. */
export const namesOf = (oauth: OAuthOptions | undefined): string[] => (oauth ? [new URL(oauth.audience).hostname] : []);

/** What is wrong with either address, if anything; `name` is that of the setting. */
export function oauthUrlProblem(name: string, text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isSafe) {
    return `${name} should be an https URL; http is only for addresses of this machine.`;
  }
  const isPlain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isPlain ? undefined : `${name} should have no user, no query and no fragment.`;
}
