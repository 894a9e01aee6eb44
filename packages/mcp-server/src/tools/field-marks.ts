/**
 * Marks for fields, stored in zod's metadata. `server/json-schema.ts` applies them, and does not show them.
 */
import * as z from 'zod';

/** Accepted and validated, but not listed: the list of tools is part of every prompt of the host's model. */
export const unlisted = <Field extends z.ZodType>(field: Field): Field => field.meta({ unlisted: true });

/** Listed with a simpler schema than the one that is accepted. */
export const listedAs = <Field extends z.ZodType>(field: Field, schema: Record<string, unknown>): Field =>
  field.meta({ listedAs: schema });

/** An empty value is meaningful: it does not mean that the field is omitted. */
export const meantEmpty = <Field extends z.ZodType>(field: Field): Field => field.meta({ meantEmpty: true });

export const mayBeEmpty = (field: z.core.$ZodType): boolean => z.globalRegistry.get(field)?.['meantEmpty'] === true;

/** A name or keyword, never prose, so the word null means that the field is omitted. */
export const word = <Field extends z.ZodType>(field: Field): Field => field.meta({ word: true });

export const isWord = (field: z.core.$ZodType): boolean => z.globalRegistry.get(field)?.['word'] === true;

/** The marks, as keys of a JSON Schema that zod has made. */
export const marks: ReadonlySet<string> = new Set(['unlisted', 'listedAs', 'meantEmpty', 'word']);
