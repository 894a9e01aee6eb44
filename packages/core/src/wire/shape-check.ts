/**
 * What part of a response does not match the API, such as "message.content is not text"; undefined if everything does.
 * `characters` is its length as JSON.
 */
export type ShapeCheck = (answer: Readonly<Record<string, unknown>>, characters: number) => string | undefined;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The server omits empty fields, and writes null for an empty list. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null;
