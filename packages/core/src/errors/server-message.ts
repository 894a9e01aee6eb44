import { cleanText } from './clean-text.ts';
import type { ErrorCode, ErrorDetails } from './errors.ts';
import { meaningOf } from './server-words.ts';

/** Longer texts are not searched for their meaning. */
const MAX_SEARCHED = 2000;

/** What a server said about an error. No other code reads its message. */
export interface ServerMessage {
  text: string;
  /** The meaning of the message, if it says more than the status. */
  code: ErrorCode | undefined;
  /** What to do, if the message says more than the code. */
  hint: string | undefined;
  details: ErrorDetails;
  /** Whether the error has Ollama's own form, `{ error: text }`. */
  isOllamas: boolean;
}

/** The server's own message for an error, from any of its forms; `undefined` if there is none. */
export function serverMessage(value: unknown): ServerMessage | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
  // Some gateways send an empty error if there is none.
  if (value.error === null || value.error === '') return undefined;
  return messageOf(wordsOf(value.error, DEPTH) ?? { text: asJson(value.error) }, typeof value.error === 'string');
}

/**
 * The message of an error response, in Ollama's form or in that of a proxy in front of it: FastAPI and Open WebUI
 * (`detail`), Kong and AWS (`message`), LiteLLM (`error.message`), Cloudflare (`errors`), problem+json (`title`,
 * `detail`).
 */
export function refusalMessage(value: unknown): ServerMessage | undefined {
  const words = wordsOf(value, DEPTH);
  if (words === undefined) return serverMessage(value);
  const isOllamas = typeof value === 'object' && value !== null && Object.keys(value).join() === 'error';
  return messageOf(words, isOllamas);
}

/** The message of a text that is not JSON. */
export const textMessage = (text: string): ServerMessage => messageOf({ text }, false);

function messageOf({ text, source }: Words, isOllamas: boolean): ServerMessage {
  const { code, hint, details } = meaningOf(text.slice(0, MAX_SEARCHED), source);
  return { text: cleanText(text), code, hint, details: { ...sizesIn(text, source), ...details }, isOllamas };
}

interface Words {
  text: string;
  /** The object whose message the text was. */
  source?: Record<string, unknown> | undefined;
}

/** How deep the message may be nested in objects and JSON texts. */
const DEPTH = 4;
/** How many errors of a list are reported. */
const MAX_LISTED = 3;

/** The name of an error: short, and often with a message in addition. */
const heads = ['error', 'title', 'Code'];
const messages = [
  'message',
  'msg',
  'detail',
  'details',
  'error_description',
  'errorMessage',
  'errors',
  'reason',
  'Message',
];

/** Texts anywhere in an error. A text may itself be JSON (llama-server's errors). */
function wordsOf(value: unknown, depth: number): Words | undefined {
  if (typeof value === 'string') return wordsOfText(value, depth);
  if (depth === 0 || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const listed = value.slice(0, MAX_LISTED).map((item) => wordsOf(item, depth - 1));
    const found = listed.filter((words) => words !== undefined);
    return found[0] && { text: found.map(({ text }) => text).join('; '), source: found[0].source };
  }
  const source = value as Record<string, unknown>;
  const head = first(source, heads, depth);
  const message = first(source, messages, depth);
  if (message === undefined) return head && { source, ...head };
  const text = isShort(head) && head.text !== message.text ? `${head.text}: ${message.text}` : message.text;
  const place = placeOf(source);
  return { text: place === '' ? text : `${place}: ${text}`, source: message.source ?? source };
}

function wordsOfText(text: string, depth: number): Words | undefined {
  if (text.trim() === '') return undefined;
  if (depth > 0 && /^\s*[[{]/.test(text)) {
    try {
      return wordsOf(JSON.parse(text), depth - 1) ?? { text };
    } catch {
      // Not JSON after all: the text itself is the message.
    }
  }
  return { text };
}

function first(source: Record<string, unknown>, names: readonly string[], depth: number): Words | undefined {
  for (const name of names) {
    const words = Object.hasOwn(source, name) ? wordsOf(source[name], depth - 1) : undefined;
    if (words !== undefined) return words;
  }
  return undefined;
}

const isShort = (words: Words | undefined): words is Words => words !== undefined && words.text.length <= 100;

/** Where FastAPI found a mistake, such as `body.model`. Its `input` is the caller's content and is not shown. */
function placeOf({ loc }: Record<string, unknown>): string {
  if (!Array.isArray(loc)) return '';
  return loc
    .slice(0, 10)
    .filter((step) => typeof step === 'string' || typeof step === 'number')
    .join('.');
}

/** Values without a text. */
function asJson(error: unknown): string {
  try {
    return JSON.stringify(error);
  } catch {
    return 'an error that is nested too deeply to show';
  }
}

/** Tokens of the prompt and of the context: llama-server's own fields, otherwise the numbers in its sentence. */
function sizesIn(text: string, source: Record<string, unknown> = {}): ErrorDetails {
  const { n_prompt_tokens: tokens, n_ctx: contextLength } = source;
  if (typeof tokens === 'number' && typeof contextLength === 'number') return { tokens, contextLength };
  const found = /^request \((\d{1,12}) tokens\) exceeds the available context size \((\d{1,12}) tokens\)/.exec(text);
  return found ? { tokens: Number(found[1]), contextLength: Number(found[2]) } : {};
}
