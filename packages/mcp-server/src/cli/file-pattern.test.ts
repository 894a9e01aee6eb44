import { expect, test } from 'vitest';
import { Exclusion, FilePattern, isPattern } from './file-pattern.ts';

test.each([
  ['src/**/*.md', 'src', ['src/a.md', 'src/deep/er/a.md'], ['src/.git/a.md', 'src/a.txt', 'a.md', 'other/a.md']],
  ['./src//*.md', 'src', ['src/a.md'], ['src/deep/a.md']],
  ['*.{md,txt}', '', ['a.md', 'a.txt'], ['a.mdx', 'x/a.md']],
  ['{src,docs/api}/*.md', '', ['src/a.md', 'docs/api/a.md'], ['docs/a.md']],
  ['docs/**', 'docs', ['docs/a', 'docs/b/c.md'], ['doc/a']],
  ['a?c.md', '', ['abc.md'], ['ac.md', 'abbc.md']],
  ['[ab].md', '', ['a.md'], ['c.md']],
  ['!(a|b).md', '', ['c.md'], ['a.md']],
  ['/abs/**/*.md', '/abs', ['/abs/x/a.md'], ['abs/a.md']],
  ['/*.md', '/', ['/a.md'], ['a.md']],
  ['#*.md', '', ['#1.md'], ['1.md']],
  ['.config/*', '.config', ['.config/a'], ['.config/.b']],
])('%s starts in "%s"', (text, base, matching, others) => {
  expect(isPattern(text)).toBe(true);
  const pattern = new FilePattern(text);
  expect(pattern.base).toBe(base);
  for (const name of matching) expect(pattern.matches(name), name).toBe(true);
  for (const name of others) expect(pattern.matches(name), name).toBe(false);
});

test('a plain path or a path on another machine is not a pattern', () => {
  for (const text of ['a.md', 'src/a.md', '/abs/a.md', 'a (1).md', 'a{b}.md', '', '//server/*.md', '\\\\server\\*.md'])
    expect(isPattern(text), text).toBe(false);
});

test('only folders that can have a match are searched', () => {
  const pattern = new FilePattern('src/*/deep/**/*.md');
  expect(['src/a', 'src/a/deep', 'src/a/deep/x'].map((name) => pattern.mayBeIn(name, 'x'))).toEqual([true, true, true]);
  expect(['doc', 'src/a/b', 'src/.git'].map((name) => pattern.mayBeIn(name, 'x'))).toEqual([false, false, false]);
});

test('folders of packages are only searched if they are named', () => {
  expect(new FilePattern('**/*.md').mayBeIn('node_modules', 'node_modules')).toBe(false);
  expect(new FilePattern('node_modules/x/*.md').mayBeIn('node_modules', 'node_modules')).toBe(true);
});

test('a pattern that goes up to a parent folder is detected', () => {
  expect(new FilePattern('../*.md').leadsOut).toBe(true);
  expect(new FilePattern('a/../../*.md').leadsOut).toBe(true);
  expect(new FilePattern('a\0/*').leadsOut).toBe(true);
  expect(new FilePattern('..a/*.md').leadsOut).toBe(false);
});

test('an exclusion without a slash applies in every folder, and to everything below a match', () => {
  const [tests, old, generated] = ['!*.test.ts', '!old', '!src/generated'].map((text) => new Exclusion(text));
  expect(['a.test.ts', 'x/y/a.test.ts', 'a.ts'].map((name) => tests?.matches(name))).toEqual([true, true, false]);
  expect(['old/a.md', 'x/old/b/.c', 'older/a'].map((name) => old?.matches(name))).toEqual([true, true, false]);
  expect(['src/generated/a', 'x/src/generated/a'].map((name) => generated?.matches(name))).toEqual([true, false]);
  expect(old?.matches('/old/a.md')).toBe(false);
  expect(['/x/old/a.md', 'x/old/a.md'].map((name) => new Exclusion('!/x/old').matches(name))).toEqual([true, false]);
});

test.each([
  ['stars', `${'a*'.repeat(140)}b`, 'a'.repeat(255)],
  ['folders', `${'**/a/'.repeat(55)}b`, 'a/'.repeat(200)],
  ['braces in braces', `${'{'.repeat(140)}a,b${'}'.repeat(140)}`, 'a'],
  ['repeated alternatives', `${'+(a|aa)'.repeat(40)}b`, 'a'.repeat(255)],
])('no pattern is slow: %s', (_, text, name) => {
  const before = process.cpuUsage();
  const pattern = new FilePattern(text);
  pattern.matches(name);
  pattern.mayBeIn(name, 'x');
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(500);
});

test('more combinations of braces than are matched are refused, also in an exclusion', () => {
  const braces = (count: number) => `{${Array.from({ length: count }, (_, index) => `a${index}`).join()}}`;
  const [five, forty, fortyOne] = [5, 40, 41].map(braces);
  expect(new FilePattern(`${five}/${forty}`).matches('a4/a39')).toBe(true);
  expect(new Exclusion(`!x/${five}/${forty}`).matches('x/a4/a39')).toBe(true);
  const refused = expect.objectContaining({
    message: 'A pattern in files has more than 200 combinations of braces.',
    hint: expect.stringContaining('several patterns'),
  });
  expect(() => new FilePattern(`${five}/${fortyOne}`)).toThrow(refused);
  expect(() => new Exclusion(`!x/${five}/${fortyOne}`)).toThrow(refused);
  expect(() => new FilePattern('{a,b}'.repeat(50))).toThrow(refused);
});
