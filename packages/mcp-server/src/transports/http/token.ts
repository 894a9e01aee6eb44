/**
 * Compares every byte of digests of equal length, so the time reveals nothing about the token. Uses Web Crypto, which
 * both Node and workers have.
 */
export function tokenCheck(token: string): (given: string) => Promise<boolean> {
  const expected = digest(token);
  return async (given) => {
    const [one, other] = await Promise.all([expected, digest(given)]);
    return one.reduce((different, byte, index) => different | (byte ^ (other[index] ?? 0)), 0) === 0;
  };
}

const digest = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** The problem with a token, if any. Never includes the token. */
export const tokenProblem = (token: string): string | undefined =>
  /^[\x21-\x7e]+$/.test(token)
    ? undefined
    : 'The token of HTTP may have letters, digits and signs of ASCII, and no spaces.';
