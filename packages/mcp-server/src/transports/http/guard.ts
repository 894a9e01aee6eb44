import { isLoopback } from '@ollama-toolbelt/core/neutral';
import { jsonError } from './json-rpc-error.ts';

export interface GuardOptions {
  /** Names allowed in Host and Origin, in addition to those of this machine. Ports are ignored. */
  allow: readonly string[];
  /** Tells people how to allow a name. */
  allowHint: string;
}

/** Returns an error response if Host or Origin of a request is not allowed. */
export type Guard = (request: Request) => Response | undefined;

/** Blocks DNS rebinding (by Host) and web pages of other sites (by Origin). */
export function createGuard({ allow, allowHint }: GuardOptions): Guard {
  const names = new Set(allow.map(hostName));
  const isAllowed = (name: string | undefined) => name !== undefined && (isLoopback(name) || names.has(name));
  return ({ headers, url }) => {
    // Some platforms only have the host name in the URL. If there are two, both must be allowed.
    for (const written of [headers.get('host'), new URL(url).host]) {
      const host = written === null ? undefined : hostName(written);
      if (written !== null && !isAllowed(host)) return refuseName('Host', host, allowHint);
    }
    const origin = headers.get('origin');
    if (origin !== null) {
      const from = hostName(origin);
      if (!isAllowed(from)) return refuseName('Origin', from, allowHint);
    }
    return undefined;
  };
}

function refuseName(header: 'Host' | 'Origin', name: string | undefined, allowHint: string): Response {
  const shown = name === undefined ? `This ${header}` : `${header} ${name.slice(0, 100)}`;
  return jsonError(403, `${shown} is not allowed here. ${allowHint}`);
}

/** The bare name in `name`, `name:port` or `scheme://name:port`, as in URLs; `undefined` if it is not valid. */
export function hostName(text: string): string | undefined {
  const bare = text.trim().replace(/^[a-z][a-z\d+.-]*:\/\//i, '');
  if (bare === 'null' || /[\s/@?#\\]/.test(bare)) return undefined;
  // Only an IPv6 address has two colons. URLs have it in brackets.
  const address = /^[^[]*:.*:/.test(bare) ? `[${bare}]` : bare;
  return URL.canParse(`http://${address}`) ? new URL(`http://${address}`).hostname : undefined;
}

export const hostNameProblem = (text: string): string | undefined =>
  hostName(text) === undefined ? `'${text}' is not a host name.` : undefined;
