import { isLoopback } from '@ollama-toolbelt/core/neutral';
import { jsonError } from './json-rpc-error.ts';

export interface GuardOptions {
  /** Names that Host and Origin may have, in addition to those of this machine. Ports are ignored. */
  allow: readonly string[];
  /** What to tell people who want to allow a name. */
  allowHint: string;
}

/** Gives the refusal of a request that may not pass, by the names in Host and Origin. */
export type Guard = (request: Request) => Response | undefined;

/** Keeps others out: a web page whose own name was made to point here (Host), and a web page of another site (Origin). */
export function createGuard({ allow, allowHint }: GuardOptions): Guard {
  const names = new Set(allow.map(hostName));
  const isAllowed = (name: string | undefined) => name !== undefined && (isLoopback(name) || names.has(name));
  return ({ headers, url }) => {
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
