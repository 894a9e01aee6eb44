/** The protocol requires clients to accept both. */
const BOTH = 'application/json, text/event-stream';
/** The SDK treats this as both. The server sees that the client would not read questions to the person. */
const JSON_ALONE = 'application/json, text/event-stream;q=0';

/** `application/json`, and types based on it. */
const JSON_TYPE = /^application\/([\w.+-]*\+)?json(-rpc|rpc)?$/;

/** The response type: a stream of events if the client reads one, else JSON; `undefined` if it accepts neither. */
export function wantedForm(accept: string | null): 'events' | 'json' | undefined {
  const types = (accept ?? '')
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*(;|$)/.test(part))
    .map((part) => (part.split(';')[0] ?? '').trim());
  if (types.some((type) => type === 'text/event-stream' || type === 'text/*')) return 'events';
  return types.some((type) => ['', '*', '*/*', 'application/*'].includes(type) || JSON_TYPE.test(type))
    ? 'json'
    : undefined;
}

/** Whether the request comes from a person with a browser. */
export const wantsPage = ({ method, headers }: Request): boolean =>
  (method === 'GET' || method === 'HEAD') && /\btext\/html\b/i.test(headers.get('accept') ?? '');

/**
 * A copy of the request with the `Accept` header that the SDK requires, and JSON as its content type unless it names
 * another one. It has no body: that has already been read.
 */
export function acceptingBoth({ url, method, headers }: Request, form?: 'events' | 'json'): Request {
  const all = new Headers(headers);
  all.set('accept', form === 'json' ? JSON_ALONE : BOTH);
  const [type = ''] = (all.get('content-type') ?? '').toLowerCase().split(/\s*;/);
  if (type === '' || JSON_TYPE.test(type)) all.set('content-type', 'application/json');
  return new Request(url, { method, headers: all });
}
