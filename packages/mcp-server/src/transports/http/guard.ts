import { isLoopback } from '@ollama-toolbelt/core/neutral';
import { jsonError } from './json-rpc-error.ts';

export interface GuardOptions {
  /** Names that may stand in Host and Origin, besides those of this machine. Ports make no difference. */
  allow: readonly string[];
  /** What to tell people who want to allow a name. */
  allowHint: string;
  /** Whether a token is the right one. Without it everyone who gets here may call. */
  isToken?: ((given: string) => Promise<boolean>) | undefined;
}

/** Each gives the refusal of a request that may not pass. */
export interface Guard {
  /** By the names in Host and Origin. */
  refuseNames(request: Request): Response | undefined;
  /** By the token, if there is one. */
  refuseToken(request: Request): Promise<Response | undefined>;
}

/**
 * Keeps others out: a web page whose own name was made to point here (Host), a web page of another site (Origin), and
 * clients without the token.
 */
export function createGuard({ allow, allowHint, isToken }: GuardOptions): Guard {
  const names = new Set(allow.map(hostName));
  const isAllowed = (name: string | undefined) => name !== undefined && (isLoopback(name) || names.has(name));
  const refuseNames: Guard['refuseNames'] = ({ headers, url }) => {
    // Some platforms have the host name in the URL only. If there are two, both count.
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
  const refuseToken: Guard['refuseToken'] = async ({ headers }) => {
    if (isToken === undefined) return undefined;
    const [, token] = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? [];
    if (token !== undefined && (await isToken(token))) return undefined;
    const problem = token === undefined ? 'A bearer token is required.' : 'The bearer token is not the right one.';
    return jsonError(401, problem, { headers: { 'WWW-Authenticate': 'Bearer' } });
  };
  return { refuseNames, refuseToken };
}

function refuseName(header: 'Host' | 'Origin', name: string | undefined, allowHint: string): Response {
  const shown = name === undefined ? `This ${header}` : `${header} ${name.slice(0, 100)}`;
  return jsonError(403, `${shown} is not allowed here. ${allowHint}`);
}

/** The bare name in `name`, `name:port` or `scheme://name:port`, as URLs have it; undefined if it is not one. */
export function hostName(text: string): string | undefined {
  const bare = text.trim().replace(/^[a-z][a-z\d+.-]*:\/\//i, '');
  if (bare === '' || bare === 'null' || /[\s/@?#\\]/.test(bare)) return undefined;
  const address = /^[\da-f]*:[\da-f:.]*:[\da-f:.]*$/i.test(bare) ? `[${bare}]` : bare;
  return URL.canParse(`http://${address}`) ? new URL(`http://${address}`).hostname : undefined;
}

export const hostNameProblem = (text: string): string | undefined =>
  hostName(text) === undefined ? `'${text}' is not a host name.` : undefined;
