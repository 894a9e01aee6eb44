import { type CallFacts, failureOf, where } from './call-facts.ts';
import { type ErrorCode, type ErrorPhase, OllamaConnectionError, OllamaError, OllamaTimeoutError } from './errors.ts';

/** System and library codes of the supported transports, by their meaning. */
const meanings: readonly (readonly [ErrorCode, string])[] = [
  // A browser says only NETWORK_ERROR; before the first byte it usually means that nothing is listening.
  [
    'refused',
    'ECONNREFUSED EHOSTUNREACH ENETUNREACH EHOSTDOWN EADDRNOTAVAIL EACCES ENOENT ConnectionRefused FailedToOpenSocket NETWORK_ERROR',
  ],
  ['dns', 'ENOTFOUND EAI_AGAIN'],
  ['bad_host', 'ERR_INVALID_URL'],
  ['timeout', 'UND_ERR_CONNECT_TIMEOUT ETIMEDOUT'],
  // Before anything is sent: headers that belong to the connection, or an impossible proxy or pool.
  ['bad_request', 'UND_ERR_INVALID_ARG UND_ERR_NOT_SUPPORTED UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'],
  ['tls', 'ERR_SSL_WRONG_VERSION_NUMBER EPROTO'],
];

const texts: Partial<Record<ErrorCode, string>> = {
  refused: 'Cannot connect to Ollama: connection refused',
  dns: 'Cannot resolve the host name',
  tls: 'Cannot establish a secure connection',
  bad_request: 'Cannot send the request with these headers or settings',
  wrong_server: 'The server at this address does not speak HTTP',
  connection_failed: 'Cannot connect, and the platform does not say why',
  reset: 'The connection was closed before the answer was complete',
};

/** A browser does not tell a page the reason, so the hint names the other usual cause too. */
const originHint =
  "In a web page, the server may also not allow the page's origin: add it to OLLAMA_ORIGINS on the server.";

const settingsHint =
  'Leave out connection headers (connection, content-length, expect, host, keep-alive, transfer-encoding, upgrade), and check proxy and pool.';

const socksHint =
  "Check the proxy's address, user name and password, and whether it can reach the server. It must support SOCKS5.";

/** The error for a rejection by a transport. `phase` is where the call was. */
export function connectionError(facts: CallFacts, cause: unknown, phase: ErrorPhase, connectMs: number): OllamaError {
  if (cause instanceof OllamaError) return cause;
  const system = systemCode(cause);
  if (system !== undefined && isPlatformLimit(system)) return platformTimeout(system, phase, facts, cause);
  const meaning = meaningOf(system, phase);
  // Within a response, the system's ETIMEDOUT is a broken connection, not one of our deadlines.
  const code = phase === 'body' && (meaning === 'timeout' || system === 'NETWORK_ERROR') ? 'reset' : meaning;
  if (code === 'timeout') {
    return new OllamaTimeoutError(`Could not connect within ${connectMs} ms (timeouts.connectMs; ${where(facts)}).`, {
      ...failureOf('refused', facts, 'connect'),
      code,
      limit: 'connect',
      limitMs: connectMs,
      systemCode: system,
      cause,
    });
  }
  const isHidden = system === 'NETWORK_ERROR' && code === 'refused';
  const isSocks = system?.startsWith('ERR_SOCKS') === true;
  const text = isSocks ? 'The SOCKS proxy cannot connect' : (!isHidden && texts[code]) || 'Cannot connect';
  const failure = failureOf(code, facts, code === 'reset' || code === 'wrong_server' ? phase : 'connect');
  return new OllamaConnectionError(`${text} (${system ?? 'no system code'}; ${where(facts)}).`, {
    ...failure,
    retryable: (code === 'reset' && wasReused(cause)) || system === 'EAI_AGAIN',
    ...(isHidden && { hint: `${failure.hint} ${originHint}` }),
    ...(code === 'bad_request' && { hint: settingsHint }),
    ...(isSocks && { hint: socksHint }),
    systemCode: system,
    cause,
  });
}

const isPlatformLimit = (system: string | undefined): boolean =>
  system === 'UND_ERR_HEADERS_TIMEOUT' || system === 'UND_ERR_BODY_TIMEOUT';

/** A fetch that somebody else set up, with idle limits that the client cannot remove. */
function platformTimeout(system: string, phase: ErrorPhase, facts: CallFacts, cause: unknown): OllamaTimeoutError {
  const what =
    phase === 'body' ? 'The platform stopped waiting for the rest' : 'The platform stopped waiting for the first byte';
  return new OllamaTimeoutError(`${what} of the answer (${system}; ${where(facts)}).`, {
    ...failureOf('timeout', facts, phase === 'body' ? 'idle' : 'firstByte'),
    hint: 'This limit belongs to the fetch in use, not to the client: set headersTimeout and bodyTimeout of its dispatcher to 0, or use @ollama-toolbelt/core/node.',
    systemCode: system,
    cause,
  });
}

/** A pooled connection that the server had closed in the meantime. If a new connection breaks, the server failed. */
function wasReused(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'reusedSocket' in cause && cause.reusedSocket === true;
}

function meaningOf(system: string | undefined, phase: ErrorPhase): ErrorCode {
  if (system === undefined) return phase === 'body' ? 'reset' : 'connection_failed';
  if (/CERT|SIGNATURE|SELF_SIGNED|^ERR_(SSL|TLS)|^UNABLE_TO/.test(system)) return 'tls';
  if (system.startsWith('ERR_SOCKS')) return 'refused';
  if (/^HPE_|^HTTPParserError$/.test(system)) return 'wrong_server';
  // ECONNRESET, EPIPE and similar: the connection broke.
  return meanings.find(([, codes]) => codes.split(' ').includes(system))?.[0] ?? 'reset';
}

/** Searches the causes, and the members of an AggregateError (one for each address that was tried). */
function systemCode(error: unknown, depth = 5): string | undefined {
  if (depth === 0 || typeof error !== 'object' || error === null) return undefined;
  const inner = [
    'cause' in error ? error.cause : undefined,
    ...('errors' in error && Array.isArray(error.errors) ? error.errors : []),
  ];
  for (const cause of inner) {
    const code = systemCode(cause, depth - 1);
    if (code !== undefined) return code;
  }
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Only some versions of undici give errors about invalid HTTP a code.
  return error instanceof Error && error.name === 'HTTPParserError' ? error.name : undefined;
}
