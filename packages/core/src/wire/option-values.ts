import { OllamaError } from '../errors/errors.ts';
import { type OptionKind, optionKind } from './option-kinds.ts';
import { isObject } from './shape-check.ts';

/** What each kind accepts, in words. It also accepts values whose meaning is unambiguous, and sends them converted. */
const takes: Readonly<Record<OptionKind, string>> = {
  integer: 'a whole number, also as text',
  float: 'a number, also as text',
  boolean: 'true or false, also as text',
  strings: 'a list of texts, or a single text',
};

/** Fields of requests, other than model options, whose value the server accepts in one form only. */
const fieldKinds: Readonly<Record<string, OptionKind>> = {
  raw: 'boolean',
  truncate: 'boolean',
  shift: 'boolean',
  logprobs: 'boolean',
  top_logprobs: 'integer',
  dimensions: 'integer',
  insecure: 'boolean',
  verbose: 'boolean',
};

/**
 * Model options as the server accepts them: a number in a text becomes a number, "true" becomes true, and a single
 * `stop` becomes a list. `undefined` and `null` are left out, and names that Ollama does not know pass through.
 *
 * @param field what the request calls the options: `options`, or `parameters` for create.
 * @throws OllamaError `bad_request` that names the option and what it accepts.
 */
export function wireOptions(options: unknown, field: string): object {
  if (!isObject(options)) {
    throw badValue(field, 'an object of option names and values');
  }
  const values: Record<string, unknown> = { ...options };
  for (const name of Object.keys(values)) {
    const kind = optionKind(name);
    // No limit, as people write it in JavaScript.
    if (name === 'num_predict' && values[name] === Number.POSITIVE_INFINITY) values[name] = -1;
    if (kind !== undefined) values[name] = wireValue(values[name], kind, `${field}.${name}`, name);
  }
  return values;
}

/** The other number and boolean fields that have to be converted. */
export function wireFields(request: object): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(fieldKinds)) {
    if (!Object.hasOwn(request, name)) continue;
    const value: unknown = request[name as keyof typeof request];
    const wire = wireValue(value, kind, name, name);
    if (wire !== value) changed[name] = wire;
  }
  return changed;
}

function wireValue(value: unknown, kind: OptionKind, field: string, option: string): unknown {
  if (value === undefined || value === null) return value;
  const wire = converted(value, kind);
  if (wire === undefined) throw badValue(field, takes[kind], option);
  return wire;
}

/** The value converted to its kind, or undefined if that is impossible. The server truncates a fraction. */
function converted(value: unknown, kind: OptionKind): unknown {
  switch (kind) {
    case 'integer':
    case 'float':
      return numberIn(value, kind === 'integer');
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return typeof value === 'string' ? truth[value.trim().toLowerCase()] : undefined;
    case 'strings':
      if (typeof value === 'string') return [value];
      return Array.isArray(value) && value.every((text) => typeof text === 'string') ? value : undefined;
  }
}

const truth: Readonly<Record<string, boolean | undefined>> = Object.assign(Object.create(null), {
  true: true,
  false: false,
});

/** JSON has neither NaN nor Infinity: they would become null, which the server ignores. */
function numberIn(value: unknown, isWhole: boolean): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const pattern = isWhole ? /^\s*[+-]?\d+\s*$/ : /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
  return pattern.test(value) && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function badValue(field: string, what: string, option = field): OllamaError {
  return new OllamaError(`${field} has a value of the wrong type.`, {
    code: 'bad_request',
    hint: `${field} takes ${what}.`,
    option,
    field,
  });
}
