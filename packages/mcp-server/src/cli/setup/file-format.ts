import type { Path } from './entry-place.ts';

/** A settings format. It can change one value without changing the rest of the text. */
export interface FileFormat {
  /** @throws Error with the line that is not valid. */
  parse(text: string): unknown;
  /** Sets the value at a path. */
  set(text: string, path: Path, value: object): string;
  /** Removes the value at a path. */
  remove(text: string, path: Path): string;
}

/** The line end of a text. */
export const lineEnd = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n');

/** The indentation of the first indented line, or two spaces. */
export function indentOf(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
}

/** A value nested below the keys of a path. A number is an index in a list. */
export const below = (path: Path, value: unknown): unknown =>
  path.reduceRight((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);

/** The line number of an offset in a text, from 1. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
