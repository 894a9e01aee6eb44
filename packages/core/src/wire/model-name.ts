/**
 * A model name as the server compares it: in lower case, with its tag, without the default registry.
 *
 * @example
 * ```ts
 * import { canonicalModel } from '@ollama-toolbelt/core/node';
 *
 * console.log(canonicalModel('Llama3.2') === canonicalModel('llama3.2:latest')); // true
 * ```
 */
export function canonicalModel(name: string | undefined): string {
  const short = (name ?? '')
    .toLowerCase()
    .replace(/^(https?:\/\/)?registry\.ollama\.ai\//, '')
    .replace(/^library\//, '');
  // A colon before a slash is part of the registry's address.
  return short.lastIndexOf(':') > short.lastIndexOf('/') ? short : `${short}:latest`;
}
