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

/**
 * A schema that checks values and describes itself as JSON Schema, by the interface of standardschema.dev: of zod (4.2 or
 * newer), ArkType (2.2 or newer), or Valibot with `toStandardJsonSchema`.
 */
export interface SchemaLike<T = unknown> {
  readonly '~standard': {
    /** Of the compiler alone. */
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
    readonly jsonSchema: { readonly input: (options: { target: 'draft-2020-12' }) => object };
    /** Gives `{ value }`, or `{ issues }`. */
    readonly validate: (value: unknown) => unknown;
  };
}

/** What `format` takes. */
export type Format = 'json' | JsonSchema | SchemaLike;

/** An image as base64 text (a `data:` prefix is taken off) or as bytes. A string is never read as a path. */
export type Image = string | Uint8Array;
