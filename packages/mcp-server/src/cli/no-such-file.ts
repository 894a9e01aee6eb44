import { Refusal } from '../tools/refusal.ts';

/** The same error for missing files and for anything outside the allowed folders, so callers cannot probe for files. */
export const noSuchFile = (path: string, folders: readonly string[]): Refusal =>
  new Refusal(
    `There is no file ${path} in the allowed folders.`,
    `These are: ${folders.join(', ')}. Links that lead outside them are not followed.`,
  );
