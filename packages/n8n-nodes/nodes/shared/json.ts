import type { IDataObject } from 'n8n-workflow';

/**
 * The value of a JSON field: the editor stores text, an expression may return the value itself. Undefined if it is not
 * JSON.
 */
export function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
    // Stryker disable next-line BlockStatement: an empty one returns the same
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields that have a value. */
export const defined = (fields: Record<string, unknown>): IDataObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as IDataObject;
