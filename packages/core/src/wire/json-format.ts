import { OllamaError } from '../errors/errors.ts';
import type { Format, SchemaLike } from '../schemas/values.ts';

/** What `parsed` of an answer is: the schema's own type, or unknown JSON. */
export type ParsedOf<F> = F extends SchemaLike<infer T> ? T : unknown;

const isFunction = (value: unknown): boolean => typeof value === 'function';

export function isSchemaLike(format: Format): format is SchemaLike {
  if (typeof format !== 'object') return false;
  const { toJSONSchema, parse } = format as Readonly<Record<string, unknown>>;
  return isFunction(toJSONSchema) && isFunction(parse);
}

/** `format` as the server takes it: `"json"`, or a JSON Schema. `what` names it in an error. */
export function wireFormat(format: Format, what = 'format'): unknown {
  if (isSchemaLike(format)) {
    try {
      return format.toJSONSchema({ io: 'input' });
    } catch (cause) {
      throw new OllamaError(`${what} is a schema that cannot be described as JSON Schema.`, {
        code: 'bad_request',
        hint: 'Leave out what JSON Schema cannot express, such as dates, or give a JSON Schema object.',
        cause,
      });
    }
  }
  if (isOtherValidator(format)) {
    throw new OllamaError(`${what} is a validator that cannot describe itself as JSON Schema.`, {
      code: 'bad_request',
      hint: 'Use a schema with toJSONSchema(), such as one of zod 4.2 or newer, or give a JSON Schema object (of zod/mini: z.toJSONSchema(schema)).',
    });
  }
  return typeof format === 'string' ? namedFormat(format, what) : wholeSchema(format, what);
}

/** The server knows one name; empty text is not a format. */
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

/** Of libraries whose schemas are not JSON Schema; some of them are objects with a `type`, or functions. */
function isOtherValidator(format: Format): boolean {
  if (typeof format !== 'object') return isFunction(format);
  const { parse, safeParse } = format as Readonly<Record<string, unknown>>;
  // zod's JSON Schemas have that key too, hidden.
  return isFunction(parse) || isFunction(safeParse) || Object.keys(format).includes('~standard');
}

/** The value of an answer given in `format`. `answer` goes with the error, so that nothing is lost. */
export function parseOutput(format: Format, text: string, answer: unknown, model: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isSchemaLike(format) ? format.parse(value) : value;
  } catch (cause) {
    const isJson = !(cause instanceof SyntaxError);
    const field = isJson ? firstWrongField(cause) : undefined;
    const place = field === undefined ? '' : ` at ${field}`;
    const what = isJson ? `not what the schema asks for${place}` : 'not valid JSON';
    throw new OllamaError(`The answer of ${model} is ${what} (${text.length} characters).`, {
      code: 'bad_output',
      hint: 'Raise options.num_predict if the answer stopped at its length, or try a simpler schema or another model.',
      model,
      reason: isJson ? 'not_schema' : 'not_json',
      field,
      characters: text.length,
      partial: answer,
    });
  }
}

const MAX_FIELD = 200;

/** Where the first mistake is, as `address.lines[1]`, from the issues of an error of zod's kind. Never the value there. */
function firstWrongField(error: unknown): string | undefined {
  const issues = (error as { issues?: readonly { path?: unknown }[] } | null)?.issues;
  const path = Array.isArray(issues) ? issues[0]?.path : undefined;
  if (!Array.isArray(path) || path.length === 0) return undefined;
  const steps = path.map((step: unknown) => (typeof step === 'number' ? `[${step}]` : `.${keyOf(step)}`));
  return steps.join('').replace(/^\./, '').slice(0, MAX_FIELD);
}

/** Some libraries put each step into an object. */
const keyOf = (step: unknown): string =>
  typeof step === 'object' && step !== null && 'key' in step ? String(step.key) : String(step);
