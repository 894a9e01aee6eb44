/**
 * Keeps a result small enough for the context of a host's model: some hosts drop results over 25,000 tokens. Long texts
 * are cut first. If the rest is still too large, lists and free objects are cut too.
 */
import * as z from 'zod';
import { COUNTED_CHARACTERS, textCutter } from './cut-texts.ts';
import { tokensInJson } from './token-estimate.ts';

type Field = z.core.$ZodType | undefined;

/** Less than half of what hosts accept: some show their model both forms of a result. */
export const MAX_TOKENS = 11_000;
/** Every text keeps at least this many, however many texts there are. */
const MIN_CHARACTERS = 200;
const MAX_KEY_CHARACTERS = 200;
/** For one number of a vector, which is kept whole or left out. */
const VECTOR_NUMBER_TOKENS = 6;

/** How many items each list and free object keeps, and how deep they are shown. */
interface Limits {
  items: number;
  depth: number;
}

const unlimited: Limits = { items: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY };
/** A longer list cannot fit, even if every item is a single digit. */
const MOST_ITEMS = 16_384;
/** Depths to try if one item per list is still too much, because the value is deep and has long keys. */
const DEPTHS = [32, 16, 8, 4, 2] as const;

export interface Sized<Value> {
  value: Value;
  /** What was cut, in words: `results has 21 of 1000 items`. */
  left: readonly string[];
}

/** As much of a value as fits. If a schema is given, the result is still valid. `skipped` is as in `textCutter`. */
export function sized<Value>(
  value: Value,
  schema?: z.ZodObject,
  { maxTokens = MAX_TOKENS, skipped = 0 }: { maxTokens?: number; skipped?: number } = {},
): Sized<Value> {
  if (tokensOf(value, schema, unlimited, maxTokens, (text) => text.slice(0, COUNTED_CHARACTERS)) <= maxTokens)
    return { value, left: [] };
  const short = (text: string) => text.slice(0, MIN_CHARACTERS + MIN_CHARACTERS / 4);
  const fits = (limits: Limits) => tokensOf(value, schema, limits, maxTokens, short) <= maxTokens;
  const left = new Map<string, string>();
  const cutter = new Cutter(mostThatFit(fits), left);
  const structure = cutter.cut(value, schema, '', 0);
  const texts: string[] = [];
  mapTexts(structure, (text) => {
    texts.push(text);
    return text;
  });
  const around = tokensOf(structure, schema, unlimited, maxTokens, () => '');
  return {
    value: mapTexts(structure, textCutter(texts, maxTokens - around, MIN_CHARACTERS, tokensInJson, skipped)) as Value,
    left: [...left.values()],
  };
}

function mostThatFit(fits: (limits: Limits) => boolean): Limits {
  if (fits(unlimited)) return unlimited;
  if (!fits({ ...unlimited, items: 1 })) {
    const depth = DEPTHS.find((one) => fits({ items: 1, depth: one })) ?? 1;
    return { items: 1, depth };
  }
  let items = 1;
  for (let step = MOST_ITEMS; step >= 1; step /= 2) if (fits({ ...unlimited, items: items + step })) items += step;
  return { ...unlimited, items };
}

/** Tokens of a value within the limits. Stops counting above `most`. */
function tokensOf(value: unknown, field: Field, limits: Limits, most: number, shown: (text: string) => string): number {
  let tokens = 0;
  const count = (one: unknown, inner: Field, depth: number): void => {
    if (typeof one === 'string') tokens += tokensInJson(shown(one));
    else if (typeof one !== 'object' || one === null) tokens += 0.6 * String(one).length;
    else if (isVector(inner)) tokens += VECTOR_NUMBER_TOKENS * (one as unknown[]).length;
    else {
      tokens += 1.2;
      for (const [key, child, childField] of entriesOf(one, inner, depth, limits)) {
        tokens += typeof key === 'string' ? 0.6 + tokensInJson(key.slice(0, MAX_KEY_CHARACTERS)) : 0.6;
        count(child, childField, depth + 1);
        if (tokens > most) return;
      }
    }
  };
  count(value, field, 0);
  return tokens;
}

/** The entries of a list or object that are shown. Fields named in its schema are always shown. */
function* entriesOf(
  value: object,
  field: Field,
  depth: number,
  { items, depth: deepest }: Limits,
): Generator<[key: string | number, value: unknown, field: Field]> {
  const most = depth >= deepest ? 0 : items;
  const inner = unwrapped(field);
  if (Array.isArray(value)) {
    const element = inner instanceof z.ZodArray ? inner.element : undefined;
    for (let index = 0; index < Math.min(value.length, most); index++) yield [index, value[index], element];
    return;
  }
  const shape = inner instanceof z.ZodObject ? inner.shape : {};
  let free = 0;
  for (const key of Object.keys(value)) {
    const named = Object.hasOwn(shape, key);
    if (!named && ++free > most) continue;
    yield [key, (value as Record<string, unknown>)[key], named ? shape[key] : undefined];
  }
}

/** Drops everything past the limits, and records what was dropped. */
class Cutter {
  readonly #limits: Limits;
  readonly #left: Map<string, string>;

  constructor(limits: Limits, left: Map<string, string>) {
    this.#limits = limits;
    this.#left = left;
  }

  cut(value: unknown, field: Field, path: string, depth: number): unknown {
    if (typeof value !== 'object' || value === null || isVector(field)) return value;
    const shown = [...entriesOf(value, field, depth, this.#limits)];
    const isList = Array.isArray(value);
    const count = isList ? value.length : Object.keys(value).length;
    // One line for each path: a list inside a list is cut once per item of the outer list.
    if (shown.length < count && !this.#left.has(path))
      this.#left.set(path, `${path || 'the result'} has ${shown.length} of ${count} ${isList ? 'items' : 'fields'}`);
    const entries = shown.map(([key, child, childField]) => {
      const below =
        typeof key === 'number' ? `${path}[]` : path === '' ? key.slice(0, 64) : `${path}.${key.slice(0, 64)}`;
      return [key, this.cut(child, childField, below, depth + 1)] as const;
    });
    if (isList) return entries.map(([, child]) => child);
    return Object.fromEntries(entries.map(([key, child]) => [String(key).slice(0, MAX_KEY_CHARACTERS), child]));
  }
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]));
}

function unwrapped(field: Field): Field {
  return field instanceof z.ZodOptional ? unwrapped(field._zod.def.innerType) : field;
}

function isVector(field: Field): boolean {
  const inner = unwrapped(field);
  return inner instanceof z.ZodArray && inner.element instanceof z.ZodNumber;
}
