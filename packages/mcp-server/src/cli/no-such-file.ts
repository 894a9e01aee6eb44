import { Refusal } from '../tools/refusal.ts';

/** For all that is outside the allowed folders, whether it is there or not, and for what is not inside: nobody can look around. */
export const noSuchFile = (path: string, folders: readonly string[]): Refusal =>
  new Refusal(
    `There is no file ${path} in the allowed folders.`,
    `These are: ${folders.join(', ')}. Links that lead outside them are not followed.`,
  );
