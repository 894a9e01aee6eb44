import { code, table } from './table.ts';

/** The used parts of a JSON Schema. */
export interface Schema {
  type?: string | readonly string[];
  description?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: readonly Schema[];
}

/** A table of the fields of an object. Fields of nested objects are listed by their path. */
export function schemaTable(schema: Schema): string {
  const rows = fieldsOf(schema, '');
  return rows.length === 0 ? 'None.' : table(['Field', 'Type', 'What it is'], rows);
}

function fieldsOf({ properties = {}, required = [] }: Schema, path: string): string[][] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = path + name;
    const isList = field.type === 'array';
    const inner = isList ? field.items : field;
    return [
      [
        `${code(own)}${required.includes(name) ? ' (required)' : ''}`,
        kindOf(field),
        `${field.description ?? ''}${field.default === undefined ? '' : ` (default ${code(JSON.stringify(field.default))})`}`,
      ],
      ...(inner === undefined ? [] : fieldsOf(inner, `${own}${isList ? '[].' : '.'}`)),
    ];
  });
}

function kindOf({ type, items, enum: choices, const: only, anyOf }: Schema): string {
  if (choices) return choices.map((choice) => code(JSON.stringify(choice))).join(', ');
  if (only !== undefined) return code(JSON.stringify(only));
  if (anyOf) return [...new Set(anyOf.map(kindOf))].join(' or ');
  if (type === 'array') return items === undefined ? 'list' : `list of ${kindOf(items)}`;
  return [type ?? 'any'].flat().join(' or ');
}
