import { createRemoteJWKSet, type RemoteJWKSet } from 'jose/jwks/remote';
import { oauthUrlProblem } from './oauth-options.ts';

const TIMEOUT_MS = 5000;
/** Minimum time between two requests for an unknown key, because a token may name any key. */
const COOLDOWN_MS = 30_000;
/** Revoked keys are used at most this long. */
const KEYS_MAX_AGE_MS = 10 * 60_000;

/** The issuer cannot be reached, or its response is not usable. The message is for people. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** The signing keys of an issuer. */
export class Issuer {
  readonly #issuer: string;
  /** `undefined` before the first request. Not a promise, because in workers requests must not share promises. */
  #keys: RemoteJWKSet | undefined;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  /**
   * The key that a token names.
   *
   * @throws IssuerUnavailable, or an error of jose if no key fits.
   */
  readonly keyFor = async (...token: Parameters<RemoteJWKSet>): Promise<CryptoKey> => {
    this.#keys ??= createRemoteJWKSet(await this.#keysUrl(), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEYS_MAX_AGE_MS,
    });
    const keys = this.#keys;
    try {
      return await keys(...token);
    } catch (cause) {
      if (isAboutToken(cause)) throw cause;
      // Their address may have changed. Keep keys that are fresh: a token with an unknown key must not discard them.
      if (!keys.fresh) this.#keys = undefined;
      throw this.#unavailable(`its keys cannot be read (${wordsOf(cause)})`, cause);
    }
  };

  /** The address of the keys, from the metadata of the issuer (RFC 8414, OpenID Connect Discovery). */
  async #keysUrl(): Promise<URL> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    let last: unknown;
    for (const url of metadataUrls(this.#issuer)) {
      try {
        return this.#keysIn(await readJson(url, signal));
      } catch (error) {
        if (error instanceof IssuerUnavailable) throw error;
        last = error;
      }
    }
    throw this.#unavailable(`its metadata cannot be read (${wordsOf(last)})`, last);
  }

  #keysIn({ issuer, jwks_uri: keys }: Metadata): URL {
    if (issuer !== this.#issuer) {
      const named = typeof issuer === 'string' ? issuer.slice(0, 200) : 'nothing';
      throw this.#unavailable(`it calls itself ${named}: the setting has to be exactly that`);
    }
    if (typeof keys !== 'string' || oauthUrlProblem('', keys) !== undefined) {
      throw this.#unavailable('its metadata name no safe address of its keys (jwks_uri)');
    }
    return new URL(keys);
  }

  #unavailable(problem: string, cause?: unknown): IssuerUnavailable {
    return new IssuerUnavailable(`The issuer ${this.#issuer} cannot be used: ${problem}.`, { cause });
  }
}

interface Metadata {
  issuer?: unknown;
  jwks_uri?: unknown;
}

/** In the order in which MCP clients try them. */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/+$/, '');
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
}

async function readJson(url: string, signal: AbortSignal): Promise<Metadata> {
  const response = await fetch(url, {
    headers: { Accept: 'application/json' },
    // Following a redirect would trust a server that the issuer does not name.
    redirect: 'manual',
    signal,
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const value: unknown = await response.json();
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return value;
}

const aboutTokens = ['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'ERR_JOSE_NOT_SUPPORTED'];

const isAboutToken = (error: unknown) =>
  error instanceof Error && 'code' in error && aboutTokens.includes(String(error.code));

/** `fetch` hides the reason in the cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.name === 'TimeoutError' ? `no answer in ${TIMEOUT_MS / 1000} s` : error.message;
}
