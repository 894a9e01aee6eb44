import { jwtVerify } from 'jose/jwt/verify';
import { Issuer, IssuerUnavailable } from './issuer.ts';
import type { OAuthOptions } from './oauth-options.ts';

/** Only asymmetric ones: with the others, anyone who can check a token can also make one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
];
/** Clocks differ. */
const CLOCK_TOLERANCE_S = 30;

/** What a token says. */
export interface Grant {
  /** Whom it stands for, by the issuer's name for them. */
  subject: string;
  scopes: ReadonlySet<string>;
}

/** `refused`: the token is not valid. `unavailable`: nobody can tell. Both are in words for people. */
export type TokenCheck = { grant: Grant } | { refused: string } | { unavailable: string };

/** Checks access tokens that are JWTs (RFC 9068, and the like of issuers that are older than it). */
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

/** An ID token, or the notice of a logout, is signed with the same keys. Issuers older than RFC 9068 say just JWT. */
const isAccessToken = (typ: string | undefined) => /^(application\/)?(at\+jwt|jwt)$/i.test(typ ?? 'JWT');

/** Clients and issuers differ on whether a URL without a path ends with one. */
function withAndWithoutSlash(url: string): string[] {
  const bare = url.replace(/\/$/, '');
  return [bare, `${bare}/`];
}

/** `scope` is text; `scp`, which some issuers have in its place, may be a list. */
function wordsIn(scopes: unknown): string[] {
  const texts = Array.isArray(scopes) ? scopes : [scopes];
  return texts.flatMap((text) => (typeof text === 'string' ? text.split(' ') : [])).filter(Boolean);
}

/** What jose found, in our words: some of its own repeat what the token says. Nothing if it is not about the token. */
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
