/** Headers for web pages of other origins, which the guard lets pass by their names. */

const EXPOSED = 'Mcp-Session-Id, WWW-Authenticate, Retry-After';
/** Browsers ask again after this many seconds. */
const MAX_AGE = '600';

/** Whether a browser asks before a page's request. It sends no token then. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');

/** The answer to a preflight of a page that may call. */
export function preflightAnswer({ headers }: Request, methods: readonly string[]): Response {
  const wanted = headers.get('access-control-request-headers');
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': [...methods, 'OPTIONS'].join(', '),
      ...(wanted !== null && { 'Access-Control-Allow-Headers': wanted }),
      // A page of the public web asks whether it may reach this machine.
      ...(headers.get('access-control-request-private-network') === 'true' && {
        'Access-Control-Allow-Private-Network': 'true',
      }),
      'Access-Control-Max-Age': MAX_AGE,
    },
  });
}

/** Lets the page that asked read a response. */
export function readableBy(origin: string | null, response: Response): Response {
  if (origin === null) return response;
  const headers = new Headers(response.headers);
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Expose-Headers', EXPOSED);
  headers.append('Vary', 'Origin');
  return new Response(response.body, { status: response.status, headers });
}
