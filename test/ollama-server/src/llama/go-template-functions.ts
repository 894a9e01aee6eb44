import { goJson, isTrue, printGo } from './go-template-values.ts';

type GoFunction = (...values: never[]) => unknown;

/** `and` and `or` stop early, so their caller passes the arguments as functions. */
export const LAZY_FUNCTIONS: Readonly<Record<string, (values: (() => unknown)[]) => unknown>> = {
  and: (values) => untilTruth(values, false),
  or: (values) => untilTruth(values, true),
};

/** Go's own functions and those that Ollama adds; a thrown Error becomes `error calling …`. */
export const GO_FUNCTIONS = {
  and: () => undefined,
  or: () => undefined,
  not: (value: unknown) => !isTrue(value),
  eq: (first: unknown, ...others: unknown[]) => others.some((other) => equal(first, other)),
  ne: (first: unknown, second: unknown) => !equal(first, second),
  lt: (first: unknown, second: unknown) => compare(first, second) < 0,
  le: (first: unknown, second: unknown) => compare(first, second) <= 0,
  gt: (first: unknown, second: unknown) => compare(first, second) > 0,
  ge: (first: unknown, second: unknown) => compare(first, second) >= 0,
  len: (value: unknown) => lengthOf(value),
  index: (value: unknown, ...keys: unknown[]) => keys.reduce(at, value),
  slice: (value: unknown, ...bounds: unknown[]) => slice(value, bounds),
  print: (...values: unknown[]) => values.map(printGo).join(''),
  println: (...values: unknown[]) => `${values.map(printGo).join(' ')}\n`,
  printf: (format: unknown, ...values: unknown[]) => printf(String(format), values),
  json: (value: unknown) => goJson(value),
  currentDate: () => new Date().toISOString().slice(0, 10),
  yesterdayDate: () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
} as const satisfies Record<string, GoFunction>;

function untilTruth(values: readonly (() => unknown)[], truth: boolean): unknown {
  let value: unknown;
  for (const read of values) {
    value = read();
    if (isTrue(value) === truth) return value;
  }
  return value;
}

function equal(first: unknown, second: unknown): boolean {
  const left = first ?? null;
  const right = second ?? null;
  if (left !== null && right !== null && typeof left !== typeof right) {
    throw new Error('incompatible types for comparison');
  }
  return left === right;
}

function compare(first: unknown, second: unknown): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second;
  if (typeof first !== 'string' || typeof second !== 'string') throw new Error('incompatible types for comparison');
  return first === second ? 0 : first < second ? -1 : 1;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value === null || value === undefined) return 0;
  if (typeof value === 'object') return Object.keys(value).length;
  throw new Error(`len of type ${typeof value}`);
}

function at(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    if (typeof key !== 'number') throw new Error(`cannot index slice/array with type ${typeof key}`);
    if (key < 0 || key >= value.length) throw new Error(`index out of range: ${key}`);
    return value[key];
  }
  if (typeof value !== 'object' || value === null) throw new Error(`can't index item of type ${typeof value}`);
  return (value as Record<string, unknown>)[String(key)];
}

function slice(value: unknown, bounds: readonly unknown[]): unknown {
  const [start = 0, end = lengthOf(value)] = bounds.map(Number);
  if (start < 0 || start > end || end > lengthOf(value)) throw new Error(`index out of range: ${Math.max(start, end)}`);
  if (Array.isArray(value)) return value.slice(start, end);
  if (typeof value === 'string') return Buffer.from(value).subarray(start, end).toString();
  throw new Error(`can't slice item of type ${typeof value}`);
}

function printf(format: string, values: readonly unknown[]): string {
  let next = 0;
  return format.replace(/%([%sdvq])/g, (verb, letter: string) => {
    if (letter === '%') return '%';
    if (next >= values.length) return `%!${letter}(MISSING)`;
    const value = values[next++];
    return verb === '%q' ? JSON.stringify(printGo(value)) : printGo(value);
  });
}
