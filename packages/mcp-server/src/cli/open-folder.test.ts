import { mkdir, mkdtemp, open, readdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { foldersTo, openFolder } from './open-folder.ts';

// In reality, only a race makes it fail temporarily.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, open: vi.fn(real.open) };
});

let root = '';
let allowed = '';
let elsewhere = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'open-folder-')));
  [allowed, elsewhere] = [join(root, 'allowed'), join(root, 'elsewhere')];
  await Promise.all([mkdir(join(allowed, 'sub'), { recursive: true }), mkdir(elsewhere)]);
  await writeFile(join(allowed, 'sub', 'inside'), '');
  await writeFile(join(elsewhere, 'outside'), '');
});

afterEach(() => rm(root, { recursive: true, force: true }));

test('operations in an open folder happen there, or the change is detected', async () => {
  const folder = (await openFolder(join(allowed, 'sub'), [allowed]))!;
  await rename(join(allowed, 'sub'), join(allowed, 'aside'));
  await symlink(elsewhere, join(allowed, 'sub'));
  const names = await readdir(folder.at);
  if (await folder.isSame()) expect(names).toEqual(['inside']);
  await folder.close();
});

test('a link that replaced a folder is not opened', async () => {
  await rename(join(allowed, 'sub'), join(allowed, 'aside'));
  await symlink(elsewhere, join(allowed, 'sub'));
  expect(await openFolder(join(allowed, 'sub'), [allowed])).toBeUndefined();
  expect(await openFolder(elsewhere, [allowed])).toBeUndefined();
  expect(await openFolder(join(allowed, 'gone'), [allowed])).toBeUndefined();
});

test.skipIf(process.platform === 'win32')(
  'a folder that was a link when it was opened is not reopened by name later',
  async () => {
    vi.mocked(open).mockRejectedValueOnce(Object.assign(new Error('ELOOP'), { code: 'ELOOP' }));
    expect(await openFolder(join(allowed, 'sub'), [allowed])).toBeUndefined();
  },
);

test('a parent folder that became a link is detected, even if only names are compared', async () => {
  await mkdir(join(allowed, 'sub', 'deep'));
  const before = await foldersTo(join(allowed, 'sub', 'deep'), allowed);
  expect(before?.split(',')).toHaveLength(3);
  await rename(join(allowed, 'sub'), join(allowed, 'aside'));
  await symlink(join(allowed, 'aside'), join(allowed, 'sub'));
  expect(await foldersTo(join(allowed, 'sub', 'deep'), allowed)).toBeUndefined();
});
