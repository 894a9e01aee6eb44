import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { cli } from '../../fixtures/mcp/connect.ts';
import { endProcess } from '../../fixtures/mcp/server-process.ts';
import { runtimes } from '../../fixtures/runtimes.ts';

const own = join('ollama-toolbelt', 'compiled');

/** The output of a start without other variables. */
function version(env: Record<string, string>, node: string = process.execPath): string {
  const { stdout, stderr, status } = spawnSync(node, [cli, '--version'], { env, encoding: 'utf8', timeout: 120_000 });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

/** Names of the files in a folder and below. */
const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

test('compiled code is kept for the next start, in a private folder', async () => {
  using home = await folderWith({});
  expect(version({ XDG_CACHE_HOME: home.path })).toMatch(/^\d/);
  const kept = await filesIn(join(home.path, own));
  expect(kept.map(({ parentPath }) => parentPath)).toEqual([expect.stringContaining(process.version)]);
  expect((await stat(join(home.path, own))).mode & 0o777).toBe(0o700);
  version({ XDG_CACHE_HOME: home.path });
  expect(await filesIn(join(home.path, own))).toEqual(kept);
});

test('it is saved while the server runs, because some hosts kill their servers', async () => {
  using home = await folderWith({});
  const child = spawn(process.execPath, [cli], { env: { XDG_CACHE_HOME: home.path } });
  try {
    await expect.poll(() => filesIn(join(home.path, own))).not.toEqual([]);
    expect(child.exitCode).toBeNull();
  } finally {
    await endProcess(child);
  }
});

test("Node's own variables turn it off, and name another folder", async () => {
  using home = await folderWith({});
  using other = await folderWith({});
  version({ XDG_CACHE_HOME: home.path, NODE_DISABLE_COMPILE_CACHE: '1' });
  version({ XDG_CACHE_HOME: home.path, NODE_COMPILE_CACHE: other.path });
  expect(await readdir(home.path)).toEqual([]);
  expect(await filesIn(other.path)).not.toEqual([]);
});

test('a folder that others can write to is not used', async () => {
  using home = await folderWith({});
  const folder = join(home.path, own);
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o777);
  version({ XDG_CACHE_HOME: home.path });
  expect(await readdir(folder)).toEqual([]);
});

test('the server starts without a folder', async () => {
  using home = await folderWith({ 'ollama-toolbelt': 'a file is in its place' });
  expect(version({ XDG_CACHE_HOME: home.path })).toMatch(/^\d/);
  expect(version({ XDG_CACHE_HOME: '/proc/none' })).toMatch(/^\d/);
  expect(version({ XDG_CACHE_HOME: 'relative' })).toMatch(/^\d/);
});

test('a corrupt cache file does no harm', async () => {
  using home = await folderWith({});
  version({ XDG_CACHE_HOME: home.path });
  for (const { parentPath, name } of await filesIn(join(home.path, own))) await truncate(join(parentPath, name), 1000);
  expect(version({ XDG_CACHE_HOME: home.path })).toMatch(/^\d/);
});

const old = runtimes.find(({ name }) => name === 'Node 20')?.program;

test.skipIf(old === undefined)('Node 20, which has no compile cache, starts normally', async () => {
  using home = await folderWith({});
  expect(version({ XDG_CACHE_HOME: home.path }, old)).toMatch(/^\d/);
  expect(await readdir(home.path)).toEqual([]);
});
