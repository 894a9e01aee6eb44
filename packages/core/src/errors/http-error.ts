import { type ErrorCode, OllamaHttpError } from './errors.ts';
import { type CallFacts, failureOf, where } from './hints.ts';
import { type ServerMessage, serverMessage } from './server-message.ts';

interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}

/** The error for an answer that is not one of Ollama's good ones. */
export function httpError(answer: Answer, facts: CallFacts): OllamaHttpError {
  const json = parseJson(answer.text);
  const message = serverMessage(json);
  const code = codeOf(answer, message, facts);
  const said = message?.text ?? plainText(answer);
  const location = code === 'redirect' ? withoutCredentials(answer.headers['location']) : undefined;
  const text =
    code === 'redirect'
      ? `The server redirects to ${location ?? 'an address that is not shown (browsers hide it)'} (status ${answer.status}, ${where(facts)}); it is not followed.`
      : code === 'wrong_server' && answer.status === 200
        ? `The answer is no JSON of Ollama's${said === '' ? '' : `: ${said}`} (${where(facts)}).`
        : `${said === '' ? `Status ${answer.status} without a word` : said} (status ${answer.status}, ${where(facts)})`;
  return new OllamaHttpError(answer.status, text, {
    ...message?.details,
    location,
    ...failureOf(code, facts, 'firstByte'),
    retryable: code === 'rate_limited' || code === 'server_busy' || answer.status === 502 || answer.status === 503,
    ...(code === 'forbidden' && message !== undefined && { hint: undefined }),
    retryAfterMs: retryAfterMs(answer.headers['retry-after']),
    signinUrl: signinUrl(json),
  });
}

function codeOf(answer: Answer, message: ServerMessage | undefined, facts: CallFacts): ErrorCode {
  const { status } = answer;
  const meaning = message?.code;
  if (status >= 300 && status < 400) return 'redirect';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) {
    if (meaning === 'model_not_found') return meaning;
    if (message !== undefined) return facts.model === undefined ? 'not_found' : (meaning ?? 'not_found');
    return looksLikeHtml(answer) ? 'wrong_server' : 'not_found';
  }
  if (status === 405 || status === 501) return 'unsupported';
  if (status === 429) return meaning === 'quota_exceeded' ? meaning : 'rate_limited';
  if (status === 503) return 'server_busy';
  if (status === 200) return 'wrong_server';
  if (meaning !== undefined) return meaning;
  if (status >= 500) return 'server_error';
  return 'bad_request';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const looksLikeHtml = ({ headers, text }: Answer) =>
  headers['content-type']?.includes('html') === true || /^\s*</.test(text);

/** What an answer that is no JSON says: the title of a page, or the first line of a text. */
function plainText(answer: Answer): string {
  if (looksLikeHtml(answer)) {
    const title = /<title[^>]*>([^<]{1,200})/i.exec(answer.text)?.[1]?.replace(/\s+/g, ' ').trim();
    return title === undefined || title === '' ? 'a web page' : `a web page, "${title}"`;
  }
  if (!answer.headers['content-type']?.startsWith('text/plain')) return '';
  return answer.text.trim().split('\n')[0]?.slice(0, 200) ?? '';
}

/** Retry-After holds seconds or a date. */
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

const withoutCredentials = (url: string | undefined) => url?.replace(/\/\/[^/@]*@/, '//').slice(0, 300);
