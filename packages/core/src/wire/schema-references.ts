import type { JsonSchema } from '../schemas/values.ts';

/** Deeper schemas are too much for any server; they are sent unchanged. */
const MAX_DEPTH = 500;
/** Keywords that hold values, not schemas. */
const values = ['enum', 'const', 'default', 'examples', 'example'];

/**
 * An equivalent schema for a server that cannot resolve a reference to its root (`$ref: "#"`, which zod writes for a
 * recursive type). The schema becomes one of its own definitions, and `#` points to it. A schema without such a
 * reference is returned unchanged.
 */
export function withoutRootReferences(schema: JsonSchema): JsonSchema {
  let found = false;
  rewritten(schema, (reference) => {
    found ||= isRoot(reference);
    return reference;
  });
  if (!found) return schema;
  const { $schema, $id, $defs, definitions, ...root } = schema as Readonly<Record<string, unknown>>;
  const name = freeName(Object(definitionsOf($defs)));
  const moved = (reference: string): string => {
    if (isRoot(reference)) return `#/$defs/${name}`;
    return /^#\/(?!\$defs\/|definitions\/)/.test(reference) ? `#/$defs/${name}${reference.slice(1)}` : reference;
  };
  return {
    ...($schema !== undefined && { $schema }),
    ...($id !== undefined && { $id }),
    $ref: `#/$defs/${name}`,
    ...(definitions !== undefined && { definitions: rewritten(definitions, moved) }),
    $defs: { ...(rewritten(definitionsOf($defs), moved) as object), [name]: rewritten(root, moved) },
  };
}

const isRoot = (reference: string) => reference === '#' || reference === '#/';
const definitionsOf = ($defs: unknown): object => (typeof $defs === 'object' && $defs !== null ? $defs : {});

function freeName(taken: object): string {
  let name = 'Root';
  while (Object.hasOwn(taken, name)) name += '_';
  return name;
}

/** A copy with other references. Parts that occur several times are copied once, so a recursive schema ends too. */
function rewritten(schema: unknown, reference: (text: string) => string): unknown {
  const copies = new Map<object, unknown>();
  const copy = (part: unknown, depth: number): unknown => {
    if (typeof part !== 'object' || part === null || depth > MAX_DEPTH) return part;
    if (copies.has(part)) return copies.get(part);
    const target: unknown[] | Record<string, unknown> = Array.isArray(part) ? [] : {};
    copies.set(part, target);
    for (const [key, value] of Object.entries(part)) {
      const isReference = key === '$ref' && typeof value === 'string';
      const changed = isReference ? reference(value) : values.includes(key) ? value : copy(value, depth + 1);
      Object.defineProperty(target, key, { value: changed, enumerable: true, writable: true, configurable: true });
    }
    return target;
  };
  return copy(schema, 0);
}
