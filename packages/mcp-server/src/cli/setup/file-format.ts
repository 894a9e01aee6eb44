import type { Path } from './entry-place.ts';

/** A format of settings, and how one value in it is changed while all else stays as it was written. */
export interface FileFormat {
  /** @throws Error with the line that is not valid. */
  parse(text: string): unknown;
  /** Puts a value at a path. */
  set(text: string, path: Path, value: object): string;
  /** Takes out what is at a path. */
  remove(text: string, path: Path): string;
}

/** The line end of a text. */
export const lineEnd = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n');

/** Of the first line that is indented; two spaces if none is. */
export function indentOf(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
}

/** A value below the keys of a path; a number is a place in a list. */
export const below = (path: Path, value: unknown): unknown =>
  path.reduceRight((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);

/** The line that a place in a text is in, from 1. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
