import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { declaredNames } from './declared-names.ts';
import { repository } from './import-graph.ts';

const text = readFileSync(posix.join(repository, 'docs/architecture.md'), 'utf8');
const [, ...walks] = text.split(/^## /m);

interface Hop {
  file: string;
  name: string;
}

const pathOf = (link: string) => posix.join('docs', link);

/** The rows of a walk, and the names in its sentences: `[`name`](file)`. */
function hopsOf(walk: string): Hop[] {
  const rows = [...walk.matchAll(/^\| \d+ \| \[[^\]]+\]\(([^)]+)\) \| `([^`]+)` \| [A-Zn].*\. \|$/gm)];
  const asides = [...walk.matchAll(/\[`([^`]+)`\]\(([^)]+)\)/g)];
  return [
    ...rows.map(([, link, name]) => ({ file: pathOf(link!), name: name! })),
    ...asides.map(([, name, link]) => ({ file: pathOf(link!), name: name! })),
  ];
}

describe.each(walks.map((walk) => [walk.split('\n', 1)[0]!, walk] as const))('%s', (_, walk) => {
  const hops = hopsOf(walk);

  test('has a drawing, and a sentence for each row', () => {
    expect(walk).toMatch(/^```mermaid\nsequenceDiagram\n/m);
    const rows = walk.split('\n').filter((line) => /^\| \d/.test(line));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map((row) => Number(/\d+/.exec(row)?.[0]))).toEqual(rows.map((_, index) => index + 1));
    expect(hops.length, 'rows that are not | number | [file](path) | `function` | Sentence. |').toBeGreaterThan(
      rows.length,
    );
  });

  test.each(hops)('$name is in $file', ({ file, name }) => {
    expect(declaredNames(file, readFileSync(posix.join(repository, file), 'utf8'))).toContain(name);
  });
});

test('a name that a file only uses does not count as declared there', () => {
  const source = `import { a } from './a.ts'; class B { static c() { a(); } #d() {} readonly e = () => 1; } const f = 1, g = () => f;`;
  expect([...declaredNames('x.ts', source)].sort()).toEqual(['B', 'B.#d', 'B.c', 'B.e', 'f', 'g']);
});
