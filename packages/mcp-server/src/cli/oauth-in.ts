import type { OAuthOptions } from '../transports/http/oauth/oauth-options.ts';
import { ConfigError } from './config-error.ts';
import type { Config } from './read-config.ts';

/**
 * The OAuth options in the settings, if any.
 *
 * @throws ConfigError if only one of the two is set.
 */
export function oauthIn({ oauthIssuer, oauthAudience }: Pick<Config, 'oauthIssuer' | 'oauthAudience'>) {
  if (oauthIssuer === undefined && oauthAudience === undefined) return undefined;
  if (oauthIssuer === undefined || oauthAudience === undefined) {
    const [given, lacking] = oauthIssuer === undefined ? ['audience', 'issuer'] : ['issuer', 'audience'];
    throw new ConfigError(`--oauth-${given} needs --oauth-${lacking}, too.`);
  }
  return { issuer: oauthIssuer, audience: oauthAudience } satisfies OAuthOptions;
}
