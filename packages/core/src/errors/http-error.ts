import { type CallFacts, failureOf, type RefusedAnswer, where } from './call-facts.ts';
import { type ErrorCode, OllamaHttpError } from './errors.ts';
import { refusalMessage, type ServerMessage, textMessage } from './server-message.ts';
import { looksLikeMarkup, pageTitle, xmlMessage } from './web-page.ts';

/** The error for a response that is not a successful one from Ollama. */
export function httpError(facts: CallFacts, answer: RefusedAnswer): OllamaHttpError {
  const json = parseJson(answer.text);
  const message = refusalMessage(json) ?? plainMessage(answer);
  const code = codeOf(answer, message, facts);
  const reason = message?.text ?? pageOf(answer);
  const location = code === 'redirect' ? shownLocation(answer.headers['location'], facts) : undefined;
  const text =
    code === 'redirect'
      ? `The server redirects to ${location ?? (answer.headers['location'] === undefined ? 'an address that is not shown (browsers hide it)' : 'an address that cannot be shown')} (status ${answer.status}, ${where(facts)}). Redirects are not followed.`
      : code === 'wrong_server' && isSuccess(answer.status)
        ? `Expected JSON from Ollama${reason === '' ? '' : `, got ${reason}`} (${where(facts)}).`
        : `${reason === '' ? 'The server gave no reason' : reason} (status ${answer.status}, ${where(facts)})`;
  const failure = failureOf(code, facts, 'firstByte');
  return new OllamaHttpError(answer.status, text, {
    ...message?.details,
    location,
    ...failure,
    hint: hintOf(answer, code, message) ?? failure.hint,
    retryable: code === 'rate_limited' || code === 'server_busy' || answer.status === 502 || answer.status === 503,
    ...(code === 'forbidden' && message?.isOllamas && { hint: undefined }),
    retryAfterMs: retryAfterMs(answer.headers['retry-after']),
    signinUrl: signinUrl(json),
  });
}

function codeOf(answer: RefusedAnswer, message: ServerMessage | undefined, facts: CallFacts): ErrorCode {
  const { status } = answer;
  const meaning = message?.code;
  if (status >= 300 && status < 400) return 'redirect';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) {
    if (meaning === 'model_not_found' || isAboutModel(message, facts)) return 'model_not_found';
    if (message !== undefined) return facts.model === undefined ? 'not_found' : (meaning ?? 'not_found');
    return looksLikeMarkup(answer) ? 'wrong_server' : 'not_found';
  }
  if (status === 405 || status === 501) return 'unsupported';
  if (status === 429) return meaning === 'quota_exceeded' ? meaning : 'rate_limited';
  if (isSuccess(status)) return 'wrong_server';
  if (meaning !== undefined) return meaning;
  if (status === 503) return 'server_busy';
  if (status >= 500) return 'server_error';
  return 'bad_request';
}

const isSuccess = (status: number) => status >= 200 && status < 300;

/** Gateways have many messages for a model they do not have. */
function isAboutModel(message: ServerMessage | undefined, { model }: CallFacts): boolean {
  const text = message?.text.toLowerCase();
  if (text === undefined || !model) return false;
  return (
    (/\bmodel\b/.test(text) || text.includes(model.toLowerCase())) &&
    /not found|not exist|no such|unknown|not available|unavailable|invalid model/.test(text)
  );
}

/** Ollama itself rarely explains a 403; a proxy in front of it does. */
const FIREWALL_HINT =
  'Something in front of the server, such as a firewall or a proxy, rejects the request: ask its administrator, or use the address of the Ollama server itself.';

const SILENT_HINT = 'The server gives no details: check its log, that of any proxy in front of it, and the address.';

const hintsOfStatus: Readonly<Record<number, string>> = {
  407: 'The proxy requires a user name and a password: put them in its address (http://name:password@proxy.example.com:3128).',
  408: 'A proxy in front of the server timed out: raise its timeout, or load the model first.',
  413: 'The request is larger than a proxy in front of the server allows (nginx: client_max_body_size).',
  431: 'The request headers are larger than the server accepts.',
  504: 'A proxy in front of the server timed out: raise its timeout (nginx: proxy_read_timeout), or load the model first.',
  524: 'Cloudflare ends requests that are silent for 100 seconds: load the model first, or bypass Cloudflare.',
};

function hintOf(
  { status, headers }: RefusedAnswer,
  code: ErrorCode,
  message: ServerMessage | undefined,
): string | undefined {
  if (message?.hint !== undefined) return message.hint;
  if (code === 'forbidden') {
    const isEmpty = message === undefined && !headers['content-type'];
    return isEmpty ? undefined : FIREWALL_HINT;
  }
  if (Object.hasOwn(hintsOfStatus, status)) return hintsOfStatus[status];
  return code === 'bad_request' && message === undefined ? SILENT_HINT : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The message in a response that is not JSON: from XML, or the first line of a text. */
function plainMessage(answer: RefusedAnswer): ServerMessage | undefined {
  if (looksLikeMarkup(answer)) {
    const message = xmlMessage(answer.text);
    return message === undefined ? undefined : textMessage(message);
  }
  const type = answer.headers['content-type'] ?? '';
  if (type !== '' && !type.startsWith('text/')) return undefined;
  const line = answer.text.trimStart().slice(0, 1000).split('\n', 1)[0]?.trim() ?? '';
  return line === '' ? undefined : textMessage(line.slice(0, 200));
}

function pageOf(answer: RefusedAnswer): string {
  if (!looksLikeMarkup(answer)) return '';
  const title = pageTitle(answer.text);
  return title === undefined ? 'a web page' : `a web page, "${title}"`;
}

/** Retry-After contains seconds or a date. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function signinUrl(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('signin_url' in json)) return undefined;
  return typeof json.signin_url === 'string' ? json.signin_url : undefined;
}

/**
 * The target of a redirect, as far as it may be shown: without possible credentials and without the query, which often
 * contains a token.
 */
function shownLocation(location: string | undefined, { url, path }: CallFacts): string | undefined {
  if (location === undefined) return undefined;
  try {
    const { protocol, host, pathname } = new URL(location, url + path);
    if (!/^https?:$/.test(protocol)) return undefined;
    // An "@" in the path: most likely a user's address whose password contains a "/".
    return `${protocol}//${pathname.includes('@') ? '…' : host + pathname}`.slice(0, 300);
  } catch {
    return undefined;
  }
}
