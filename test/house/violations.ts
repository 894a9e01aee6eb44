import type { Arrow } from './import-graph.ts';
import type { Layer, Part } from './layers.ts';

/** The place of a file: its part, the row of that part, and the folder or file that matches the row. */
interface Place {
  part: Part;
  row: string;
  name: string;
}

/** The imports that the table does not allow, one sentence each. */
export function violations(arrows: readonly Arrow[], parts: readonly Part[]): string[] {
  return arrows.flatMap((arrow) => {
    const problem = problemOf(arrow, parts);
    return problem === undefined ? [] : [`${arrow.from} imports ${arrow.to}: ${problem}`];
  });
}

function problemOf({ from, to, specifier }: Arrow, parts: readonly Part[]): string | undefined {
  const [here, there] = [placeOf(from, parts), placeOf(to, parts)];
  if (typeof here === 'string') return here;
  if (typeof there === 'string') return there;
  if (here.part !== there.part) {
    if (!here.part.uses.includes(there.part.root)) return `"${here.part.root}" does not use "${there.part.root}"`;
    const released = [here, there].every(({ part }) => /^packages\/[^/]+(\/src)?$/.test(part.root));
    return released && specifier.startsWith('.') ? 'packages import each other by name' : undefined;
  }
  if (here.name === there.name || here.part.layers?.[here.row]?.imports.includes(there.row) !== false) return undefined;
  return `the row "${here.row}" does not name "${there.row}"`;
}

/** The arrows in the table that no import uses. */
export function unusedArrows(arrows: readonly Arrow[], parts: readonly Part[]): string[] {
  const used = new Set<string>();
  for (const { from, to } of arrows) {
    const [here, there] = [placeOf(from, parts), placeOf(to, parts)];
    if (typeof here === 'string' || typeof there === 'string') continue;
    used.add(`${here.part.root} -> ${there.part.root}`).add(`${here.part.root}: ${here.row} -> ${there.row}`);
  }
  return parts
    .flatMap(({ root, uses, layers }) => [
      ...uses.map((other) => `${root} -> ${other}`),
      ...rows(layers).flatMap(([row, { imports }]) => imports.map((other) => `${root}: ${row} -> ${other}`)),
    ])
    .filter((arrow) => !used.has(arrow));
}

/** The arrows in the table that do not point to a part or row above their own. */
export function upwardArrows(parts: readonly Part[]): string[] {
  const roots = parts.map(({ root }) => root);
  return parts.flatMap(({ root, uses, layers }, position) => {
    const across = uses
      .filter((other) => !roots.slice(0, position).includes(other))
      .map((other) => `${root} -> ${other}`);
    const names = rows(layers).map(([row]) => row);
    const within = rows(layers).flatMap(([row, { imports }], index) =>
      imports.filter((other) => !names.slice(0, index).includes(other)).map((other) => `${root}: ${row} -> ${other}`),
    );
    return [...across, ...within];
  });
}

function rows(layers: Part['layers']): [string, Layer][] {
  return Object.entries(layers ?? {});
}

function placeOf(file: string, parts: readonly Part[]): Place | string {
  const part = parts.filter(({ root }) => file.startsWith(`${root}/`)).sort((a, b) => b.root.length - a.root.length)[0];
  if (part === undefined) return `${file} is in no part of layers.ts`;
  if (part.layers === undefined) return { part, row: '', name: '' };
  // A test belongs to the file next to it.
  const steps = file
    .slice(part.root.length + 1)
    .replace(/\.test\.ts$/, '.ts')
    .split('/');
  // A file in the root has its own row; else the longest row that matches the folder, with names preferred to `*`.
  const depths = steps.length === 1 ? [1] : steps.slice(1).map((_, index) => steps.length - 1 - index);
  for (const depth of depths) {
    const name = steps.slice(0, depth).join('/');
    const row = Object.keys(part.layers)
      .filter((pattern) => fits(pattern, name))
      .sort((a, b) => stars(a) - stars(b))[0];
    if (row !== undefined) return { part, row, name };
  }
  return `layers.ts has no row for ${file}`;
}

function fits(pattern: string, name: string): boolean {
  const [steps, names] = [pattern.split('/'), name.split('/')];
  return steps.length === names.length && steps.every((step, index) => step === '*' || step === names[index]);
}

const stars = (pattern: string) => pattern.split('*').length;
