/**
 * What a field needs in addition to its schema, kept in zod's metadata. The list of tools does not show these marks:
 * `server/json-schema.ts` follows them.
 */
import * as z from 'zod';

/** Taken and checked, but not listed: the list of tools is part of every prompt of the host's model. */
export const unlisted = <Field extends z.ZodType>(field: Field): Field => field.meta({ unlisted: true });

/** Listed in a simpler form than it takes. */
export const listedAs = <Field extends z.ZodType>(field: Field, schema: Record<string, unknown>): Field =>
  field.meta({ listedAs: schema });

/** An empty value means something of its own, and not that the field is left out. */
export const meantEmpty = <Field extends z.ZodType>(field: Field): Field => field.meta({ meantEmpty: true });

export const mayBeEmpty = (field: z.core.$ZodType): boolean => z.globalRegistry.get(field)?.['meantEmpty'] === true;

/** A name or a keyword and never prose: the word null stands for a field that is left out. */
export const word = <Field extends z.ZodType>(field: Field): Field => field.meta({ word: true });

export const isWord = (field: z.core.$ZodType): boolean => z.globalRegistry.get(field)?.['word'] === true;

/** The marks, as keys of a JSON Schema that zod has made. */
export const marks: ReadonlySet<string> = new Set(['unlisted', 'listedAs', 'meantEmpty', 'word']);
