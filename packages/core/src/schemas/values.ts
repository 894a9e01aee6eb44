/** Types of request values that a schema cannot express. */

/** One of the named texts, or any other; editors suggest the named ones. */
export type OtherText = string & Record<never, never>;

/** A JSON Schema document, also in the types of other packages, such as `JSONSchema7`. */
export type JsonSchema = Readonly<Record<string, unknown>> | SchemaKeywords;

/** The keywords that identify a type as JSON Schema. */
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

/**
 * A schema that validates values and describes itself as JSON Schema, as specified by standardschema.dev: from zod (4.2
 * or newer), ArkType (2.2 or newer), or Valibot with `toStandardJsonSchema`.
 */
export interface SchemaLike<T = unknown> {
  readonly '~standard': {
    /** Only for the compiler. */
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
    readonly jsonSchema: { readonly input: (options: { target: 'draft-2020-12' }) => object };
    /** Returns `{ value }` or `{ issues }`. */
    readonly validate: (value: unknown) => unknown;
  };
}

/** The type of `format`. */
export type Format = 'json' | JsonSchema | SchemaLike;

/** An image as base64 text (a `data:` prefix is removed) or as bytes. A string is never read as a path. */
export type Image = string | Uint8Array;
