/** Types of values that requests take and a schema cannot name. */

/** A text like those that are named beside it, or any other; editors offer the named ones. */
export type OtherText = string & Record<never, never>;

/** A JSON Schema document, also in the types that others give it, such as `JSONSchema7`. */
export type JsonSchema = Readonly<Record<string, unknown>> | SchemaKeywords;

/** The keywords by which a type of JSON Schema is known as one. */
export interface SchemaKeywords {
  readonly $ref?: string | undefined;
  readonly $defs?: object | undefined;
  readonly type?: unknown;
  readonly properties?: object | undefined;
  readonly required?: unknown;
  readonly items?: unknown;
  readonly enum?: unknown;
  readonly anyOf?: unknown;
  readonly oneOf?: unknown;
  readonly allOf?: unknown;
}

/** A validator that can describe itself as JSON Schema, such as a zod schema (4.2 or newer). */
export interface SchemaLike<T = unknown> {
  toJSONSchema(params?: { io?: 'input' | 'output' }): object;
  parse(value: unknown): T;
}

/** What `format` takes. */
export type Format = 'json' | JsonSchema | SchemaLike;

/** An image as base64 text (a `data:` prefix is taken off) or as bytes. A string is never read as a path. */
export type Image = string | Uint8Array;
