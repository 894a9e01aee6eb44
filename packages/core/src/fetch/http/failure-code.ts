/** Messages that platforms use without a code, by the system's code for them. The first match counts. */
const codes: readonly (readonly [words: RegExp, code: string])[] = [
  // Deno
  [/connection refused|os error (111|61|10061)\b/i, 'ECONNREFUSED'],
  [/dns error|failed to lookup address/i, 'ENOTFOUND'],
  [/invalid peer certificate/i, 'ERR_TLS_CERT'],
  [/connection (reset|closed)|broken pipe/i, 'ECONNRESET'],
  // Browsers, React Native and workers, which do not tell a page the reason.
  [/failed to fetch|networkerror|load failed|network request failed|network connection/i, 'NETWORK_ERROR'],
];

/** Adds a `code` to an error of the platform's `fetch` if neither it nor its cause has one. */
export function withFailureCode(error: unknown): unknown {
  if (!(error instanceof TypeError) || hasCode(error) || hasCode(error.cause)) return error;
  const words = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`;
  const code = codes.find(([pattern]) => pattern.test(words))?.[1];
  return code === undefined ? error : Object.assign(error, { code });
}

const hasCode = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
