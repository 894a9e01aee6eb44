type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `if` treats as true: anything but a zero value. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isFields(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A value as a template prints it. */
export function printGo(value: unknown): string {
  if (value === null || value === undefined) return '<no value>';
  return typeof value === 'object' ? goJson(value) : String(value);
}

/** JSON as Go writes it: no white space, and `<`, `>` and `&` escaped. Tools have the fields of Ollama's type. */
export function goJson(value: unknown): string {
  const json = JSON.stringify(Array.isArray(value) ? value.map(ordered) : ordered(value)) ?? 'null';
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const ordered = (value: unknown) =>
  isFields(value) && isFields(value['function']) && 'type' in value ? tool(value) : value;

/** Ollama parses a tool into a struct: known fields in the struct's order, others dropped. */
function tool({ type, items, function: call }: Fields): Fields {
  const { name, description, parameters } = isFields(call) ? call : {};
  return {
    type,
    ...present({ items }),
    function: {
      name,
      ...present({ description }),
      parameters: isFields(parameters) ? schema(parameters) : { type: '', properties: null },
    },
  };
}

function schema({ type, $defs, items, required, properties }: Fields): Fields {
  return { type: type ?? '', ...present({ $defs, items, required }), properties: propertiesOf(properties) ?? null };
}

function property({ anyOf, type, items, description, enum: choices, properties, required }: Fields): Fields {
  const either = Array.isArray(anyOf) ? anyOf.map((one) => (isFields(one) ? property(one) : one)) : undefined;
  const inner = propertiesOf(properties);
  return present({ anyOf: either, type, items, description, enum: choices, properties: inner, required });
}

function propertiesOf(properties: unknown): Fields | undefined {
  if (!isFields(properties)) return undefined;
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.map(([name, one]) => [name, isFields(one) ? property(one) : one]));
}

/** The fields that have a value, as Go's `omitempty` keeps them. */
const present = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== null),
  );
