import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Registry, startRegistry } from './npm-registry.ts';
import { type Folder, temporaryFolder } from './repository-copy.ts';

const names = ['@belt-test/core', '@belt-test/server', 'belt-test-nodes'] as const;
let registry: Registry;
let folder: Folder;

beforeEach(async () => {
  registry = await startRegistry();
  folder = temporaryFolder();
  for (const name of names) pack(name, '1.0.0');
});

afterEach(async () => {
  folder[Symbol.dispose]();
  await registry[Symbol.asyncDispose]();
});

const file = (name: string) => join(folder.path, `${name.replace(/\W+/g, '-')}.tgz`);

function pack(name: string, version: string, text = 'export {};\n'): void {
  const source = join(folder.path, 'source/package');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name, version }));
  writeFileSync(join(source, 'index.js'), text);
  execFileSync('tar', ['-czf', file(name), '-C', join(folder.path, 'source'), 'package']);
  rmSync(join(folder.path, 'source'), { recursive: true });
}

async function publish(list: readonly string[] = names): Promise<unknown> {
  const userConfig = join(folder.path, 'npmrc');
  writeFileSync(userConfig, `${registry.url.replace('http:', '')}:_authToken=token-of-the-test\n`);
  const options = {
    registry: registry.url,
    userconfig: userConfig,
    cache: join(folder.path, 'cache'),
    'fetch-retries': 0,
  };
  const npm = ['npm', ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)];
  const program = join(import.meta.dirname, 'publish-program.ts');
  const args = [program, folder.path, JSON.stringify(list), JSON.stringify(npm)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const ids = (list: readonly string[]) => list.map((name) => `${name}@1.0.0`);

// The release runs on Linux; on Windows npm is a script that only a shell runs.
describe.skipIf(process.platform === 'win32')('publishing', () => {
  test('runs in order, and a second run skips published packages', async () => {
    expect(await publish()).toEqual({ published: ids(names), skipped: [] });
    expect(registry.published).toEqual([...names]);
    const integrity = `sha512-${createHash('sha512')
      .update(readFileSync(file(names[0])))
      .digest('base64')}`;
    expect(registry.packages.get(names[0])?.versions['1.0.0']?.dist.integrity).toBe(integrity);
    expect(await publish()).toEqual({ published: [], skipped: ids(names) });
    expect(registry.published).toHaveLength(3);
  });

  test('can be run again after one in the middle failed', async () => {
    registry.refused = names[1];
    expect(await publish()).toMatchObject({ error: expect.stringContaining('Command failed') });
    expect(registry.published).toEqual([names[0]]);
    registry.refused = undefined;
    expect(await publish()).toEqual({ published: ids(names.slice(1)), skipped: ids(names.slice(0, 1)) });
  });

  test('publishes nothing if a version exists with other content', async () => {
    await publish();
    pack(names[2], '1.0.0', 'export const other = 1;\n');
    pack(names[0], '1.1.0');
    expect(await publish()).toMatchObject({ error: expect.stringMatching(/npm has another belt-test-nodes@1\.0\.0/) });
    expect(registry.published).toHaveLength(3);
  });

  test('a release candidate does not become the default version', async () => {
    await publish();
    pack(names[0], '2.0.0-rc.1');
    expect(await publish()).toMatchObject({ published: [`${names[0]}@2.0.0-rc.1`] });
    expect(registry.packages.get(names[0])?.['dist-tags']).toEqual({ latest: '1.0.0', next: '2.0.0-rc.1' });
  });

  test('publishes nothing if the registry does not respond', async () => {
    await registry[Symbol.asyncDispose]();
    expect(await publish()).toMatchObject({ error: expect.stringContaining('npm could not say whether it has') });
    registry = await startRegistry();
  });

  test('a missing or extra tarball is named', async () => {
    expect(await publish([...names, 'belt-test-more'])).toMatchObject({
      error: expect.stringContaining('must hold one tarball of belt-test-more'),
    });
    expect(await publish(names.slice(1))).toEqual({ error: '@belt-test/core is not one of our packages.' });
  });
});
