import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is a folder or below it, as written: links are for the caller to resolve. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
