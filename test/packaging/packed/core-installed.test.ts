import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { faults, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coreDependencies, filesIn, nodes, type PackedPackage, packedPackage } from '../../fixtures/packed-package.ts';
import { runtimes } from '../../fixtures/runtimes.ts';

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// esbuild comes with tsup.
const esbuild: { build(options: object): Promise<{ metafile: { inputs: object } }> } = createRequire(
  realpathSync(path('../../../node_modules/tsup/package.json')),
)('esbuild');

let packed: PackedPackage;
/** An empty folder outside the workspace, into which npm installs. */
let folder = '';

beforeAll(async () => {
  packed = await packedPackage('core');
  folder = join(packed.root, 'installed');
  await mkdir(folder);
  // npm installs the tarball as if from the registry, and its dependencies from the workspace, without network.
  const dependencies = await coreDependencies();
  const flags = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--cache', join(packed.root, 'npm-cache')];
  // On Windows, npm is a script, which only a shell can run.
  const shell = process.platform === 'win32';
  await run('npm', ['install', packed.tarball, ...dependencies, ...flags], { cwd: folder, shell });
  await copyFile(path('programs/use-core.mjs'), join(folder, 'use-core.mjs'));
});
afterAll(() => packed[Symbol.asyncDispose]());

test('npm installs the packed files', async () => {
  const installed = await filesIn(join(folder, 'node_modules/@ollama-toolbelt/core'));
  expect(installed).toEqual(await filesIn(packed.directory));
});

/** The answers for one run of the program on one transport. */
function answerOnce(server: ScriptedServer): void {
  server
    .chat({ text: ['Hel', 'lo'] })
    .chat({ text: ['{"city":', '"Oslo"}'] })
    .chat({ text: ['Hel', 'lo'] })
    .chat(faults.modelNotFound('nope'));
  server.embed([
    [1, 0],
    [0, 1],
  ]);
}

test.for(nodes)('it works on Node $version', async ({ version, node }) => {
  await using server = await startScripted();
  for (const _transport of ['node', 'fetch']) answerOnce(server);
  const { stdout, stderr } = await run(node, ['use-core.mjs'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], OLLAMA_HOST: server.host },
    timeout: 120_000,
  });
  const { stdout: itsVersion } = await run(node, ['--version']);
  expect(itsVersion).toMatch(new RegExp(`^v${version}\\.`));
  const onEither = {
    answer: 'Hello',
    parsed: { city: 'Oslo' },
    pieces: ['Hel', 'lo', ''],
    vectors: 2,
    error: { isOurs: true, code: 'model_not_found', hint: expect.stringContaining('ollama pull nope') },
    cancelled: 'aborted',
  };
  expect(JSON.parse(stdout)).toEqual({
    onNode: onEither,
    onFetch: onEither,
    byPlatform: 'node',
    neutral: 1,
    schemas: true,
  });
  expect(stderr).toBe('');
});

test('without zod everything except the schemas works', async () => {
  const without = join(packed.root, 'without-zod');
  const modules = join(folder, 'node_modules');
  await cp(join(modules, '@ollama-toolbelt'), join(without, 'node_modules/@ollama-toolbelt'), { recursive: true });
  await symlink(join(modules, 'undici'), join(without, 'node_modules/undici'));
  await using server = await startScripted();
  await writeFile(
    join(without, 'program.mjs'),
    `import { createOllama } from '@ollama-toolbelt/core';
     console.log((await createOllama().list()).models.length > 0);
     await import('@ollama-toolbelt/core/schemas').catch(({ message }) => console.log(message));`,
  );
  const env = { PATH: process.env['PATH'], OLLAMA_HOST: server.host };
  const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: without, env, timeout: 120_000 });
  expect(stdout).toMatch(/^true\nCannot find package 'zod'/);
});

describe('the root is the client for the platform', () => {
  const which = `
    import { createOllama } from '@ollama-toolbelt/core';
    import * as onFetch from '@ollama-toolbelt/core/fetch';
    import * as onNode from '@ollama-toolbelt/core/node';
    const found = createOllama === onNode.createOllama ? 'node' : createOllama === onFetch.createOllama ? 'fetch' : '';
    console.log(found, createOllama({ host: '127.0.0.1:9' }).url);
  `;

  test.for(runtimes)('$name', async ({ name, program, args }, { skip }) => {
    if (program === undefined) return skip(`npm has no ${name} for this machine`);
    await writeFile(join(folder, 'which.mjs'), which);
    const { stdout } = await run(program, [...args, 'which.mjs'], { cwd: folder, timeout: 120_000 });
    expect(stdout).toBe(`${name.startsWith('Node') ? 'node' : 'fetch'} http://127.0.0.1:9\n`);
  });

  test.for([
    ['a browser', 'browser', []],
    ['a worker', 'neutral', ['workerd', 'worker']],
    ['anything else', 'neutral', []],
    ['Node', 'node', []],
  ] as const)('bundled for %s', async ([, platform, conditions]) => {
    const expected = platform === 'node' ? '/node/' : '/fetch/';
    expect(await entriesBundled('@ollama-toolbelt/core', platform, conditions)).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  test('/node in a browser bundle is the browser client, and the error names the missing export', async () => {
    expect(await entriesBundled('@ollama-toolbelt/core/node', 'browser', [])).toEqual([
      expect.stringContaining('/fetch/'),
    ]);
    await expect(entriesBundled('@ollama-toolbelt/core/node', 'browser', [], 'diskEmbeddingStore')).rejects.toThrow(
      'No matching export in "node_modules/@ollama-toolbelt/core/dist/fetch/index.js"',
    );
  });

  async function entriesBundled(
    name: string,
    platform: string,
    conditions: readonly string[],
    imported = 'createOllama',
  ) {
    const entry = join(folder, `entry-${platform}.mjs`);
    await writeFile(entry, `export { ${imported} } from '${name}';`);
    const { metafile } = await esbuild.build({
      logLevel: 'silent',
      absWorkingDir: folder,
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform,
      conditions,
      external: ['undici', 'socks'],
    });
    return Object.keys(metafile.inputs).filter((file) => /dist\/(node|fetch)\/index\.js$/.test(file));
  }
});
