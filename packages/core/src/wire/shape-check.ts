/**
 * What of an answer does not have its place in the API, such as "message.content is not text"; nothing if all is well.
 * `characters` is how long it was as JSON.
 */
export type ShapeCheck = (answer: Readonly<Record<string, unknown>>, characters: number) => string | undefined;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The server leaves out what is empty, and writes null for an empty list. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null;
