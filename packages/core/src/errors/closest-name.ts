/** Longer names are not typos, and comparing takes time proportional to the product of both lengths. */
const MAX_CHARACTERS = 100;
const MAX_NAMES = 1000;

/**
 * The names most similar to the wanted one, the most similar first. Names with nothing in common are left out.
 *
 * @example
 * ```ts
 * import { closestNames } from '@ollama-toolbelt/core/node';
 *
 * console.log(closestNames('lama3', ['llama3.2:latest', 'gemma3:4b', 'all-minilm:latest'], 1)); // [ 'llama3.2:latest' ]
 * ```
 */
export function closestNames(wanted: string, names: readonly string[], count: number): string[] {
  if (wanted.length > MAX_CHARACTERS) return [];
  const target = wanted.toLowerCase();
  return names
    .slice(0, MAX_NAMES)
    .map((name) => ({ name, distance: distance(target, name.slice(0, MAX_CHARACTERS).toLowerCase()) }))
    .filter(({ distance: far }) => far < 1)
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, count)
    .map(({ name }) => name);
}

/**
 * From 0 for equal to 1 for nothing in common. A family ("llama3" in "llama3.2:1b") counts more than single letters.
 */
function distance(a: string, b: string): number {
  const family = commonStart(a, b);
  const edits = editDistance(a, b) / Math.max(a.length, b.length, 1);
  const related = family >= 3 || a.includes(b) || b.includes(a);
  if (!related && edits > 0.5) return 1;
  return related ? edits * 0.5 : edits;
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}

/** Levenshtein distance, one row at a time. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
