import { isAbsolute, relative, sep } from 'node:path';

/**
 * Whether a path is a folder or below it, as written. It does not resolve links.
 *
 * @example
 * ```ts
 * import { isInside } from '@ollama-toolbelt/core/node';
 *
 * console.log(isInside('/models', '/models/a/b.gguf'), isInside('/models', '/models/../etc')); // true false
 * ```
 */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
