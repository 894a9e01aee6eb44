import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkTag } from '../release/check-tag.ts';
import { type Folder, git, temporaryFolder } from './repository-copy.ts';

function writeVersions(root: string, versions: { core?: string; server?: string } = {}): void {
  for (const folder of ['core', 'mcp-server', 'n8n-nodes']) {
    const version = (folder === 'core' && versions.core) || '1.2.3';
    mkdirSync(join(root, 'packages', folder), { recursive: true });
    writeFileSync(join(root, 'packages', folder, 'package.json'), JSON.stringify({ name: folder, version }));
  }
  const server = { version: '1.2.3', packages: [{ version: versions.server ?? '1.2.3' }] };
  writeFileSync(join(root, 'packages/mcp-server/server.json'), JSON.stringify(server));
}

/** A repository with version 1.2.3 on main. */
function repository(): Folder {
  const folder = temporaryFolder();
  git(folder.path, 'init', '--quiet', '--initial-branch=main');
  writeVersions(folder.path);
  commit(folder.path);
  return folder;
}

function commit(root: string): void {
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--allow-empty', '--message=Change');
}

test('a tag on main that names the version may be released, even if main has moved on', () => {
  using folder = repository();
  const check = () => checkTag('v1.2.3', { root: folder.path, branch: 'main' });
  git(folder.path, 'tag', 'v1.2.3');
  expect(check).not.toThrow();
  commit(folder.path);
  git(folder.path, 'checkout', '--quiet', 'v1.2.3');
  expect(check).not.toThrow();
  git(folder.path, 'tag', '--force', '--annotate', '--message=Release', 'v1.2.3');
  expect(check).not.toThrow();
});

test('a tag outside main may not', () => {
  using folder = repository();
  git(folder.path, 'checkout', '--quiet', '-b', 'feature');
  commit(folder.path);
  git(folder.path, 'tag', 'v1.2.3');
  expect(() => checkTag('v1.2.3', { root: folder.path, branch: 'main' })).toThrow('v1.2.3 is not on main');
});

test('a tag of another version may not', () => {
  using folder = repository();
  git(folder.path, 'tag', 'v1.2.4');
  expect(() => checkTag('v1.2.4', { root: folder.path, branch: 'main' })).toThrow('the packages have version 1.2.3');
});

test('a commit other than the tagged one may not', () => {
  using folder = repository();
  git(folder.path, 'tag', 'v1.2.3');
  commit(folder.path);
  expect(() => checkTag('v1.2.3', { root: folder.path, branch: 'main' })).toThrow('HEAD is not the commit of v1.2.3');
});

test.each([{ core: '1.2.4' }, { server: '1.2.2' }])('different versions are listed: %o', (versions) => {
  using folder = repository();
  writeVersions(folder.path, versions);
  expect(() => checkTag('v1.2.3', { root: folder.path, branch: 'main' })).toThrow(
    /The versions differ.*1\.2\.[24] {2}pack/s,
  );
});

test('an unknown branch or tag is named', () => {
  using folder = repository();
  expect(() => checkTag('v1.2.3', { root: folder.path, branch: 'main' })).toThrow('knows no refs/tags/v1.2.3');
  git(folder.path, 'tag', 'v1.2.3');
  expect(() => checkTag('v1.2.3', { root: folder.path })).toThrow('knows no origin/main');
});
