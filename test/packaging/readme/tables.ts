import { readFile } from 'node:fs/promises';
import { inRepository } from './code-blocks.ts';

/** The cells of each row of a table. If several tables start alike, the title of the last column decides. */
export async function readTable(readme: string, first: string, last = 'means'): Promise<string[][]> {
  const lines = (await readFile(inRepository(readme), 'utf8')).split('\n').map(cellsOf);
  const candidates = lines.flatMap((cells, index) => (cells?.[0] === first && isRule(lines[index + 1]) ? [index] : []));
  const [start] = candidates.length > 1 ? candidates.filter((index) => lines[index]?.at(-1) === last) : candidates;
  if (start === undefined) throw new Error(`${readme} has no table of ${first}`);
  const below = lines.slice(start + 2);
  const end = below.indexOf(undefined);
  return below.slice(0, end).map((cells) => cells ?? []);
}

const isRule = (cells: readonly string[] | undefined) => cells?.every((cell) => /^-+$/.test(cell)) === true;

/** The cells of a table line; `undefined` for any other line. */
function cellsOf(line: string): string[] | undefined {
  if (!line.startsWith('|')) return undefined;
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
