import { jwtVerify } from 'jose/jwt/verify';
import { Issuer, IssuerUnavailable } from './issuer.ts';
import type { OAuthOptions } from './oauth-options.ts';

/** Only asymmetric algorithms: with symmetric ones, anyone who can verify a token can also create one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
];
/** Allows for clocks that differ. */
const CLOCK_TOLERANCE_S = 30;

/** The contents of a valid token. */
export interface Grant {
  /** The user or client of the token, as named by the issuer. */
  subject: string;
  scopes: ReadonlySet<string>;
}

/** `refused`: the token is not valid. `unavailable`: it could not be checked. Both are messages for people. */
export type TokenCheck = { grant: Grant } | { refused: string } | { unavailable: string };

/** Checks access tokens that are JWTs (RFC 9068, and similar ones from older issuers). */
export function accessTokenCheck({ issuer, audience }: OAuthOptions): (token: string) => Promise<TokenCheck> {
  const { keyFor } = new Issuer(issuer);
  const options = {
    algorithms: ALGORITHMS,
    issuer,
    audience: withAndWithoutSlash(audience),
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  return async (token) => {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keyFor, options);
      if (!isAccessToken(protectedHeader.typ)) return { refused: 'This JWT is not an access token.' };
      const { sub, scope, scp } = payload;
      if (typeof sub !== 'string' || sub === '') return { refused: 'The access token names no subject (sub).' };
      return { grant: { subject: sub, scopes: new Set(wordsIn(scope ?? scp)) } };
    } catch (error) {
      if (error instanceof IssuerUnavailable) return { unavailable: error.message };
      const refused = problemOf(error, { issuer, audience });
      return refused === undefined ? { unavailable: 'The access token cannot be checked.' } : { refused };
    }
  };
}

/** Excludes ID and logout tokens, which have the same keys. Issuers older than RFC 9068 just use JWT. */
const isAccessToken = (typ: string | undefined) => /^(application\/)?(at\+jwt|jwt)$/i.test(typ ?? 'JWT');

/** Some clients and issuers write a URL without a path with a slash at the end, others do not. */
function withAndWithoutSlash(url: string): string[] {
  const bare = url.replace(/\/$/, '');
  return [bare, `${bare}/`];
}

/** `scope` is text. Some issuers use `scp` instead, which may be a list. */
function wordsIn(scopes: unknown): string[] {
  const texts = Array.isArray(scopes) ? scopes : [scopes];
  return texts.flatMap((text) => (typeof text === 'string' ? text.split(' ') : [])).filter(Boolean);
}

/** Our own message for an error of jose, because some of its messages quote the token. `undefined` for other errors. */
function problemOf(error: unknown, { issuer, audience }: OAuthOptions): string | undefined {
  const { code, claim, reason } = (error instanceof Error ? error : {}) as Record<string, unknown>;
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return 'The access token has expired.';
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      if (reason === 'missing') return `The access token lacks ${String(claim)}.`;
      if (claim === 'aud')
        return `The access token is meant for another server: its audience (aud) is not ${audience}.`;
      if (claim === 'iss') return `The access token is from another issuer (iss) than ${issuer}.`;
      if (claim === 'nbf') return 'The access token is not valid yet.';
      return `The access token has a wrong ${String(claim)}.`;
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'The access token is signed with an algorithm that is not allowed here: only asymmetric ones are.';
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return 'The access token is signed with a key that the issuer does not publish.';
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return 'The access token does not say with which of the keys of the issuer it is signed (kid).';
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'The signature of the access token is not right.';
    case 'ERR_JWS_INVALID':
    case 'ERR_JWT_INVALID':
    case 'ERR_JOSE_NOT_SUPPORTED':
      return 'The bearer token is not an access token that can be read here: it should be a signed JWT.';
    default:
      return undefined;
  }
}
