import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishedFolders, sharedVersion } from '../release/packages.ts';
import { git, hasGit, repositoryCopy, root } from './repository-copy.ts';

test('all packages and server.json have one version', () => {
  expect(sharedVersion(root)).toMatch(/^\d+\.\d+\.\d+/);
});

/** The copy uses the dependencies of the repository. */
function linkDependencies(copy: string): void {
  const kind = process.platform === 'win32' ? 'junction' : 'dir';
  for (const folder of ['.', ...publishedFolders.map((each) => `packages/${each}`)]) {
    symlinkSync(join(root, folder, 'node_modules'), join(copy, folder, 'node_modules'), kind);
  }
}

describe.skipIf(!hasGit)('version-packages', () => {
  test('one command sets the next version in every place', () => {
    using copy = repositoryCopy();
    linkDependencies(copy.path);
    const before = sharedVersion(root);
    const change = 'A sentence for the changelog.';
    writeFileSync(join(copy.path, '.changeset/one.md'), `---\n"@ollama-toolbelt/core": minor\n---\n\n${change}\n`);
    // Without its first step, which would install into the linked folders of the repository.
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(process.platform === 'win32' ? ';' : ':');
    const script = scripts['version-packages'] ?? '';
    expect(script).toMatch(/^pnpm install && /);
    execFileSync(script.replace('pnpm install && ', ''), {
      cwd: copy.path,
      env: { ...process.env, PATH: path },
      shell: true,
      stdio: 'pipe',
    });
    const after = sharedVersion(copy.path);
    expect(after).not.toBe(before);
    expect(readFileSync(join(copy.path, 'packages/core/CHANGELOG.md'), 'utf8')).toContain(change);
    for (const folder of publishedFolders) {
      expect(readFileSync(join(copy.path, `packages/${folder}/CHANGELOG.md`), 'utf8')).toContain(`\n## ${after}\n`);
    }
    // Entries that are in the changelogs now are not added again.
    expect(readdirSync(join(copy.path, '.changeset')).sort()).toEqual(['README.md', 'config.json']);
    // A place that keeps the old version would be forgotten in every release.
    const old = [...new Set(grep(copy.path, before))].filter((file) => !file.endsWith('CHANGELOG.md'));
    expect(old).toEqual([]);
  });
});

/** Our files that contain one of our versions in quotes or as `package@version`. */
function grep(path: string, version: string): string[] {
  const escaped = version.replaceAll('.', '\\.');
  const pattern = `(['"\`]v?${escaped}(\\\\n)?['"\`]|(core|mcp-server|ollama-belt)@${escaped})`;
  try {
    const excluded = [':!**/pnpm-lock.yaml', ':!pnpm-lock.yaml', ':!scripts/test'];
    return git(path, 'grep', '--extended-regexp', '--name-only', '-e', pattern, '--', '.', ...excluded)
      .trim()
      .split('\n');
  } catch {
    return [];
  }
}
