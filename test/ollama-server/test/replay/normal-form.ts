import type { IncomingHttpHeaders } from 'node:http';
import type { Recording } from './recording.ts';
import type { Reply } from './send.ts';

/** A response without values that differ between runs and machines. */
export interface NormalForm {
  status: number;
  complete: boolean;
  headers: Record<string, string | undefined>;
  /** Text, or the JSON values of the lines. */
  body: string | unknown[];
}

export const normalReply = ({ status, headers, text, complete }: Reply, path: string): NormalForm =>
  normal(status, headers, text, complete, path);

export const normalRecording = ({ request, response }: Recording): NormalForm =>
  normal(
    response.status,
    response.headers,
    response.chunks.map(({ text }) => text).join(''),
    response.complete,
    request.path,
  );

function normal(
  status: number,
  headers: IncomingHttpHeaders,
  text: string,
  complete: boolean,
  path: string,
): NormalForm {
  const body = headers['content-type']?.includes('json') && text !== '' ? values(text, path) : text;
  const { date, 'content-length': length, ...rest } = headers as Record<string, string>;
  // A response to HEAD has no body, so only the number can be compared.
  const counted = text === '' ? length : '<a number>';
  return {
    status,
    complete,
    headers: { ...rest, date: date && '<a date>', 'content-length': length && counted },
    body,
  };
}

const values = (text: string, path: string): unknown[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => shown(JSON.parse(line), '', path));

const times = ['created_at', 'modified_at', 'expires_at'];
const amounts = ['size', 'size_vram', 'logprob', 'total', 'completed'];

/** The value, with a placeholder for anything that cannot be the same twice. */
function shown(value: unknown, key: string, path: string): unknown {
  if (Array.isArray(value)) return shownList(value, key, path);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item, name, path)]));
  }
  if (typeof value === 'number') {
    if (key.endsWith('_duration')) return value > 0 && Number.isInteger(value) ? '<nanoseconds>' : value;
    return amounts.includes(key) ? '<a number>' : value;
  }
  if (typeof value !== 'string') return value;
  if (times.includes(key)) return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) ? '<a time>' : value;
  if (key === 'id') return value.replace(/^call_[a-z0-9]{8}$/, '<a call>');
  if (key === 'modelfile') return sortedLines(withoutDigests(value), /^PARAMETER /);
  if (key === 'parameters') return sortedLines(value, /./);
  if (key === 'digest' || key === 'status') return withoutDigests(value);
  // The vector of the OpenAI route is compared by its length.
  if (key === 'embedding') return `<${value.length} characters>`;
  return value.replace(/ts=\d+/, 'ts=<seconds>');
}

function shownList(list: unknown[], key: string, path: string): unknown {
  if (key === 'models') return list.map((model) => shown(model, '', path)).sort(byName);
  if (list.every((item) => typeof item === 'number') && (key === 'embedding' || key === 'embeddings')) {
    return `<${list.length} numbers>`;
  }
  return list.map((item) => shown(item, key === 'embeddings' ? key : '', path));
}

const withoutDigests = (text: string) =>
  text.replace(/\b[0-9a-f]{64}\b/g, '<64 digits>').replace(/\b[0-9a-f]{12}$/g, '<12 digits>');

const nameOf = (model: unknown) => String((model as { name?: unknown }).name);
const byName = (a: unknown, b: unknown) => (nameOf(a) < nameOf(b) ? -1 : 1);

/** Go iterates over parameters in any order. */
function sortedLines(text: string, which: RegExp): string {
  const lines = text.split('\n');
  const chosen = lines.filter((line) => which.test(line)).sort();
  return lines.map((line) => (which.test(line) ? chosen.shift() : line)).join('\n');
}
