/** CORS headers for pages of other origins. The guard has already checked their host names. */

const EXPOSED = 'Mcp-Session-Id, WWW-Authenticate, Retry-After';
/** In seconds. After that, browsers send another preflight request. */
const MAX_AGE = '600';

/** Whether this is the preflight request of a browser, which carries no token. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');

/** The response to a preflight request from an allowed page. */
export function preflightAnswer({ headers }: Request, methods: readonly string[]): Response {
  const wanted = headers.get('access-control-request-headers');
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': [...methods, 'OPTIONS'].join(', '),
      ...(wanted !== null && { 'Access-Control-Allow-Headers': wanted }),
      // Private Network Access: a public page asks whether it may access this machine.
      ...(headers.get('access-control-request-private-network') === 'true' && {
        'Access-Control-Allow-Private-Network': 'true',
      }),
      'Access-Control-Max-Age': MAX_AGE,
    },
  });
}

/** Lets the page that sent the request read the response. */
export function readableBy(origin: string | null, response: Response): Response {
  if (origin === null) return response;
  const headers = new Headers(response.headers);
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Expose-Headers', EXPOSED);
  headers.append('Vary', 'Origin');
  return new Response(response.body, { status: response.status, headers });
}
