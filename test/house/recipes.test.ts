import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from './import-graph.ts';

const recipes = globSync('docs/contributing/*.md', { cwd: repository });

/** Files that a page links, or names by their path from the root. Capitals are a placeholder for a name. */
function filesIn(page: string, text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link]) =>
    posix.join(posix.dirname(page), link!),
  );
  const paths = [...text.matchAll(/\b((?:packages|test|scripts|docs|examples)\/[\w./-]+)/g)].map(([, path]) => path!);
  return [...new Set([...links, ...paths])].filter((file) => !/[A-Z]{3,}/.test(file.replace('README', '')));
}

describe.each(recipes)('%s', (page) => {
  const files = filesIn(page, readFileSync(posix.join(repository, page), 'utf8'));

  test('only names existing files', () => {
    expect(files.filter((file) => !existsSync(posix.join(repository, file.replace(/\.$/, ''))))).toEqual([]);
  });
});
