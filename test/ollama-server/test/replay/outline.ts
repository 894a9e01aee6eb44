import type { NormalForm } from './normal-form.ts';

/** Texts of the server itself, which mean the same on each. */
const spoken = new Set(['error', 'status', 'done_reason', 'model', 'name', 'role', 'source', 'format']);
/** The fields that come from a model's file. */
const ofTheFile = new Set(['model_info', 'tensors', 'parent_model']);

/** A response as its status, headers, keys and errors, for an engine without real models; similar lines are merged. */
export function outline({ body, headers, ...others }: NormalForm): NormalForm {
  // The length of a response decides whether its Content-Length is sent.
  const { 'content-length': _, 'transfer-encoding': __, ...kept } = headers;
  const rest = { headers: kept, ...others };
  if (typeof body === 'string') return { ...rest, body };
  const lines = body.map((line) => outlined(line, ''));
  return { ...rest, body: lines.filter((line, index) => !isSame(line, lines[index - 1])) };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function outlined(value: unknown, key: string): unknown {
  if (ofTheFile.has(key)) return '<facts>';
  if (typeof value === 'number') return '<a number>';
  if (typeof value === 'string') return spoken.has(key) ? value : value.replace(/^[\s\S]+$/, '<text>');
  if (Array.isArray(value)) {
    const items = value.map((item) => outlined(item, ''));
    return items.filter((item, index) => items.findIndex((other) => isSame(other, item)) === index);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, outlined(item, name)]));
}
