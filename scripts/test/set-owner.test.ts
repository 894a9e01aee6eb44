import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Change, currentOwner, type Owner, setOwner } from '../set-owner.ts';
import { git, hasGit, repositoryCopy, root } from './repository-copy.ts';

const first: Owner = {
  repository: 'Quux-Inc/belt',
  author: 'The Quux team',
  email: 'belt@quux.test',
  mcpName: 'io.github.Quux-Inc/mcp-server',
};
const second: Owner = { repository: 'other/tools', author: 'Ann', email: 'a@other.test', mcpName: 'test.other/ollama' };

/** A separate list, which finds places in a form that the script does not know. */
const placeholders = [
  /ollama-toolbelt\.example/i,
  /github\.com[/:]ollama-toolbelt\b/i,
  /\bollama-toolbelt\.github\.io/i,
  /ghcr\.io\/ollama-toolbelt\b/i,
  /io\.github\.ollama-toolbelt\b/i,
  /ollama toolbelt contributors/i,
  // `ollama-toolbelt/…` anywhere else; `@ollama-toolbelt/…` is the npm scope, and before a version it is the product.
  /(?<![@\w./-])ollama-toolbelt\/(?!\*|…|\$\{version\})/i,
  /\b(YOUR|MY)[-_](ORG|NAME|REPO|OWNER|USER)\b|\bCHANGE[-_]?ME\b/i,
];
/** An address at a domain that nobody can own is a placeholder, except in a test. */
const inventedAddress = /(?<![\w:/.+-])[\w.+-]+@[\w.-]+\.example(?![\w-]|\.\w)/;

function places(path: string): string[] {
  const files = git(path, 'ls-files').split('\n');
  return files.flatMap((file) => {
    if (file === '' || file.startsWith('scripts/test/')) return [];
    const patterns = /^(test|bench|scripts\/test)\/|\.test\.ts$/.test(file)
      ? placeholders
      : [...placeholders, inventedAddress];
    const lines = readFileSync(join(path, file), 'utf8').split('\n');
    return lines.flatMap((line, index) =>
      patterns.some((pattern) => pattern.test(line)) ? [`${file}:${index + 1}: ${line.trim().slice(0, 160)}`] : [],
    );
  });
}

describe.skipIf(!hasGit)('set-owner', () => {
  test('leaves no placeholder anywhere, and works again when the repository moves', () => {
    using copy = repositoryCopy();
    const ours = (changes: Change[]) =>
      changes.map(({ file }) => file).filter((file) => !file.startsWith('scripts/test/'));
    const files = ours(setOwner(copy.path, first));
    expect(currentOwner(copy.path)).toEqual(first);
    expect(places(copy.path)).toEqual([]);
    expect(git(copy.path, 'diff', '--name-only', '--', ':!scripts/test').trim().split('\n').sort()).toEqual(
      files.sort(),
    );

    expect(ours(setOwner(copy.path, second)).sort()).toEqual(files);
    expect(currentOwner(copy.path)).toEqual(second);
    const all = git(copy.path, 'ls-files', '--', ':!scripts/test').trim().split('\n');
    expect(all.filter((file) => /quux/i.test(readFileSync(join(copy.path, file), 'latin1')))).toEqual([]);
  });

  test('a dry run names the files and changes none', () => {
    using copy = repositoryCopy();
    expect(setOwner(copy.path, first, { dryRun: true })).toContainEqual({ file: 'LICENSE', count: 1 });
    expect(git(copy.path, 'status', '--short')).toBe('');
  });

  test.each([
    [[], 'Give --repository OWNER/NAME'],
    [['--repository', 'acme'], 'Give --repository OWNER/NAME'],
    [['--repository', 'acme/belt', '--author', 'Acme'], 'Give --author "NAME <EMAIL>"'],
    [
      ['--repository', 'acme/belt', '--author', 'A <a@acme.test>', '--mcp-name', 'belt'],
      '--mcp-name is NAMESPACE/NAME',
    ],
    [['--repo', 'acme/belt'], "Unknown option '--repo'"],
  ])('says what is wrong with %j', (args, message) => {
    const script = join(root, 'scripts/set-owner.ts');
    const { status, stderr } = spawnSync(process.execPath, [script, ...args, '--dry-run'], { encoding: 'utf8' });
    expect(stderr).toContain(message);
    expect(status).toBe(1);
  });
});
