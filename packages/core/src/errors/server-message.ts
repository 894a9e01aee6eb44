import { cleanText } from './clean-text.ts';
import type { ErrorCode, ErrorDetails } from './errors.ts';
import { meaningOf } from './server-words.ts';

/** Longer texts are not searched for what they mean. */
const MAX_SEARCHED = 2000;

/** What a server said of an error. Nothing else reads its words. */
export interface ServerMessage {
  text: string;
  /** What the words mean, if they tell more than the status. */
  code: ErrorCode | undefined;
  /** What to do, if the words tell more than the code. */
  hint: string | undefined;
  details: ErrorDetails;
  /** Whether the error has Ollama's own form, `{ error: text }`. */
  isOllamas: boolean;
}

/** The server's own words for an error, out of any of the forms it comes in; `undefined` if there are none. */
export function serverMessage(value: unknown): ServerMessage | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
  // Some servers in between say with it that there is none.
  if (value.error === null || value.error === '') return undefined;
  return messageOf(wordsOf(value.error, DEPTH) ?? { text: asJson(value.error) }, typeof value.error === 'string');
}

/**
 * The words of a refusal, in Ollama's form or in that of what stands before it: FastAPI and Open WebUI (`detail`), Kong
 * and AWS (`message`), LiteLLM (`error.message`), Cloudflare (`errors`), problem+json (`title`, `detail`).
 */
export function refusalMessage(value: unknown): ServerMessage | undefined {
  const words = wordsOf(value, DEPTH);
  if (words === undefined) return serverMessage(value);
  const isOllamas = typeof value === 'object' && value !== null && Object.keys(value).join() === 'error';
  return messageOf(words, isOllamas);
}

/** What a text that is not JSON says. */
export const textMessage = (text: string): ServerMessage => messageOf({ text }, false);

function messageOf({ text, source }: Words, isOllamas: boolean): ServerMessage {
  const { code, hint, details } = meaningOf(text.slice(0, MAX_SEARCHED), source);
  return { text: cleanText(text), code, hint, details: { ...sizesIn(text, source), ...details }, isOllamas };
}

interface Words {
  text: string;
  /** The object that the text was the message of. */
  source?: Record<string, unknown> | undefined;
}

/** How many objects and texts of JSON may lie around the words. */
const DEPTH = 4;
/** Of a list of errors, those that are told. */
const MAX_LISTED = 3;

/** What an error is called: short, and often with a message beside it. */
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

/** Words anywhere in an error. A text may be JSON itself (llama-server's errors). */
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
      // not JSON after all: the text itself is the message
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

/** Where FastAPI found a mistake: `body.model`. The `input` beside it is the caller's content and is not told. */
function placeOf({ loc }: Record<string, unknown>): string {
  if (!Array.isArray(loc)) return '';
  return loc
    .slice(0, 10)
    .filter((step) => typeof step === 'string' || typeof step === 'number')
    .join('.');
}

/** What has no words. */
function asJson(error: unknown): string {
  try {
    return JSON.stringify(error);
  } catch {
    return 'an error that is nested too deeply to show';
  }
}

/** Tokens of the prompt and of the context: llama-server's own fields, else the numbers of its sentence. */
function sizesIn(text: string, source: Record<string, unknown> = {}): ErrorDetails {
  const { n_prompt_tokens: tokens, n_ctx: contextLength } = source;
  if (typeof tokens === 'number' && typeof contextLength === 'number') return { tokens, contextLength };
  const found = /^request \((\d{1,12}) tokens\) exceeds the available context size \((\d{1,12}) tokens\)/.exec(text);
  return found ? { tokens: Number(found[1]), contextLength: Number(found[2]) } : {};
}
