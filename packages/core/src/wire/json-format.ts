import { OllamaError } from '../errors/errors.ts';
import type { Format, SchemaLike } from '../schemas/values.ts';

/** The type of `parsed` in an answer: the schema's own type, or unknown JSON. */
export type ParsedOf<F> = F extends SchemaLike<infer T> ? T : unknown;

const isFunction = (value: unknown): boolean => typeof value === 'function';

export function isSchemaLike(format: unknown): format is SchemaLike {
  const standard = (format as Partial<SchemaLike> | null | undefined)?.['~standard'];
  return isFunction(standard?.validate) && isFunction(standard?.jsonSchema?.input);
}

/**
 * A JSON Schema made by zod has the zod schema hidden in it. The JSON Schema is sent unchanged, and the zod schema
 * checks the answer.
 */
const isDocument = (format: object): boolean =>
  Object.getPrototypeOf(format) === Object.prototype && !Object.keys(format).includes('~standard');

/** `format` as the server accepts it: `"json"` or a JSON Schema. `what` names it in an error. */
export function wireFormat(format: Format, what = 'format'): unknown {
  if (isSchemaLike(format) && !isDocument(format)) {
    try {
      return format['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
    } catch (cause) {
      throw new OllamaError(`${what} is a schema that cannot be converted to JSON Schema.`, {
        code: 'bad_request',
        hint: 'Leave out anything that JSON Schema cannot express, such as dates, or pass a JSON Schema.',
        cause,
      });
    }
  }
  if (isOtherValidator(format)) {
    throw new OllamaError(`${what} is a validator that cannot convert itself to JSON Schema.`, {
      code: 'bad_request',
      hint: 'Use zod 4.2 or newer (zod/mini: z.toJSONSchema(schema)), ArkType 2.2, Valibot with toStandardJsonSchema(), or a JSON Schema.',
    });
  }
  return typeof format === 'string' ? namedFormat(format, what) : wholeSchema(format, what);
}

/** The server knows only one name; an empty text is not a format. */
function namedFormat(format: string, what: string): string | undefined {
  const name = format.trim().toLowerCase();
  if (name === '') return undefined;
  if (name === 'json') return name;
  throw badFormat(what);
}

function wholeSchema(schema: unknown, what: string): unknown {
  if (typeof schema !== 'object' || Array.isArray(schema)) throw badFormat(what);
  return schema;
}

const badFormat = (what: string) =>
  new OllamaError(`${what} is neither "json" nor a schema.`, {
    code: 'bad_request',
    hint: `${what} takes "json", a JSON Schema object, or a schema such as zod's.`,
    option: what,
    field: what,
  });

/** Schemas of libraries that are not JSON Schema; some are objects with a `type`, some are functions. */
function isOtherValidator(format: Format): boolean {
  if (typeof format !== 'object') return isFunction(format);
  const { parse, safeParse } = format as Readonly<Record<string, unknown>>;
  return isFunction(parse) || isFunction(safeParse) || Object.keys(format).includes('~standard');
}

/** A mismatch with a schema. */
interface Issue {
  message?: string;
  path?: readonly unknown[];
}

/** The value as a schema returns it. @throws Error that lists what does not match, field by field */
export function checkedValue(schema: SchemaLike, value: unknown): unknown {
  const result = schema['~standard'].validate(value) as { value?: unknown; issues?: readonly Issue[] } | undefined;
  if (result instanceof Promise) {
    result.catch(() => {});
    throw new OllamaError('The schema validates asynchronously.', {
      code: 'bad_request',
      hint: 'Remove asynchronous checks from the schema.',
    });
  }
  if (result?.issues === undefined) return result?.value;
  const words = result.issues.map(({ path = [], message }) => [fieldOf(path), message].filter(Boolean).join(': '));
  throw Object.assign(new Error(words.join('; ')), { field: fieldOf(result.issues[0]?.path ?? []) });
}

/** The value of an answer in `format`. The error contains `answer`, so nothing is lost. */
export function parseOutput(format: Format, text: string, answer: unknown, model: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isSchemaLike(format) ? checkedValue(format, value) : value;
  } catch (cause) {
    if (cause instanceof OllamaError) throw cause;
    const isJson = !(cause instanceof SyntaxError);
    const field = (isJson && (cause as { field?: string } | null)?.field) || undefined;
    const place = field === undefined ? '' : ` at ${field}`;
    const what = isJson ? `not valid against the schema${place}` : 'not valid JSON';
    throw new OllamaError(`The answer of ${model} is ${what} (${text.length} characters).`, {
      code: 'bad_output',
      hint: 'Raise options.num_predict if the answer reached its maximum length, or try a simpler schema or another model.',
      model,
      reason: isJson ? 'not_schema' : 'not_json',
      field,
      characters: text.length,
      partial: answer,
    });
  }
}

const MAX_FIELD = 200;

/** A path in a value, such as `address.lines[1]`. Some libraries wrap each step in an object. */
function fieldOf(path: readonly unknown[]): string {
  const steps = path.map((step) => (typeof step === 'object' && step !== null && 'key' in step ? step.key : step));
  const text = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '').slice(0, MAX_FIELD);
}
