import type { CallFacts } from '../errors/call-facts.ts';
import type { HeadersLike } from '../options.ts';

/**
 * Rejects an invalid header before a transport does: the transport's message may quote the value, which may be a key.
 */
function checkHeaders(headers: Readonly<Record<string, string>>, facts: CallFacts): void {
  for (const [name, value] of Object.entries(headers)) {
    const isName = /^[\w!#$%&'*+.^`|~-]+$/.test(name);
    if (isName && /^[\t -~\u0080-\u00ff]*$/.test(value)) continue;
    throw facts.errors.bad_request(facts, isName ? name : undefined);
  }
}

/**
 * The headers of a client's requests. Most calls add none, so the headers of requests with and without JSON are made
 * and checked once.
 */
export class ClientHeaders {
  readonly #own: Readonly<Record<string, string>>;
  readonly #read: (given: HeadersLike | null | undefined) => Record<string, string>;
  readonly #ready = new Map<boolean, Readonly<Record<string, string>>>();

  /** `read` turns the headers of a call into one object. */
  constructor(
    own: Readonly<Record<string, string>>,
    read: (given: HeadersLike | null | undefined) => Record<string, string>,
  ) {
    this.#own = own;
    this.#read = read;
  }

  /** @throws OllamaError `bad_request` for an invalid header. */
  of(
    isJson: boolean,
    route: Readonly<Record<string, string>> | undefined,
    call: HeadersLike | null | undefined,
    facts: CallFacts,
  ): Readonly<Record<string, string>> {
    const isUsual = route === undefined && (call === undefined || call === null);
    const ready = isUsual ? this.#ready.get(isJson) : undefined;
    if (ready) return ready;
    const headers = {
      ...(isJson && { 'content-type': 'application/json' }),
      ...route,
      ...this.#own,
      ...this.#read(call),
    };
    checkHeaders(headers, facts);
    if (isUsual) this.#ready.set(isJson, headers);
    return headers;
  }
}
