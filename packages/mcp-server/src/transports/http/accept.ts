/** What the protocol asks of a client to accept. */
const BOTH = 'application/json, text/event-stream';

/** What a client wants: a stream of events if it can read one, else JSON; undefined if neither. */
export function wantedForm(accept: string | null): 'events' | 'json' | undefined {
  const types = (accept ?? '').split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase());
  if (types.some((type) => type === 'text/event-stream' || type === 'text/*')) return 'events';
  return types.some((type) => ['', '*/*', 'application/*', 'application/json'].includes(type)) ? 'json' : undefined;
}

/** Whether a person looks at the answer, in a browser. */
export const wantsPage = ({ method, headers }: Request): boolean =>
  method === 'GET' && /\btext\/html\b/i.test(headers.get('accept') ?? '');

/** The same request from a client that accepts what the SDK asks for. Its body has been read. */
export function acceptingBoth({ url, method, headers }: Request): Request {
  const all = new Headers(headers);
  all.set('accept', BOTH);
  return new Request(url, { method, headers: all });
}
