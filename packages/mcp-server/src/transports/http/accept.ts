/** What the protocol asks of a client to accept. */
const BOTH = 'application/json, text/event-stream';
/** The same to the SDK, and tells the server that questions to the person would not be read. */
const JSON_ALONE = 'application/json, text/event-stream;q=0';

/** `application/json`, and what is written in it. */
const JSON_TYPE = /^application\/([\w.+-]*\+)?json(-rpc|rpc)?$/;

/** What a client wants: a stream of events if it can read one, else JSON; undefined if neither. */
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

/** Whether a person looks at the answer, in a browser. */
export const wantsPage = ({ method, headers }: Request): boolean =>
  (method === 'GET' || method === 'HEAD') && /\btext\/html\b/i.test(headers.get('accept') ?? '');

/**
 * The same request from a client that accepts what the SDK asks for, and says that its body is JSON, unless it names
 * another type. The body has been read.
 */
export function acceptingBoth({ url, method, headers }: Request, form: 'events' | 'json' = 'events'): Request {
  const all = new Headers(headers);
  all.set('accept', form === 'json' ? JSON_ALONE : BOTH);
  const [type = ''] = (all.get('content-type') ?? '').toLowerCase().split(';');
  if (type.trim() === '' || JSON_TYPE.test(type.trim())) all.set('content-type', 'application/json');
  return new Request(url, { method, headers: all });
}
