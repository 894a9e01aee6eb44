import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const LIMIT_MS = 15 * 60_000;

const ours = path.join(import.meta.dirname, 'installed');
const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache/ollama-toolbelt/hosts');
const run = promisify(execFile);

/** The folder with the commands of installed hosts, or why they are missing. */
export type Installed = { bin: string } | { missing: string };

/** The hosts from npm: 2 GB, with a separate lockfile. The first run installs them below node_modules. */
export const npmHosts = (): Promise<Installed> =>
  installed('npm', ['npm/package.json', 'npm/pnpm-workspace.yaml', 'npm/pnpm-lock.yaml'], async (folder) => {
    for (const name of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml'])
      await copyFile(path.join(ours, 'npm', name), path.join(folder, name));
    await run('pnpm', ['install', '--frozen-lockfile'], { cwd: folder, timeout: LIMIT_MS });
    return 'node_modules/.bin';
  });

/** Hosts from PyPI that can share dependencies, in a separate environment. They need Python 3.12 or newer. */
export const pythonHosts = (name: 'fast-agent' | 'mcpo' | 'libraries'): Promise<Installed> =>
  installed(name, [`python/${name}.txt`], async (folder) => {
    await run(await python(), ['-m', 'venv', folder]);
    const requirements = path.join(ours, 'python', `${name}.txt`);
    const inside = (...args: string[]) => run(path.join(folder, 'bin/python'), ['-m', ...args], { timeout: LIMIT_MS });
    // Five times as fast as pip.
    await inside('pip', 'install', '--quiet', 'uv==0.13.9');
    await inside('uv', 'pip', 'install', '--quiet', '--no-deps', '-r', requirements);
    return 'bin';
  });

async function installed(
  name: string,
  files: readonly string[],
  install: (folder: string) => Promise<string>,
): Promise<Installed> {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(await readFile(path.join(ours, file)));
  const folder = path.join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
  const mark = path.join(folder, '.complete');
  const found = await readFile(mark, 'utf8').catch(() => undefined);
  if (found !== undefined) return { bin: path.join(folder, found) };
  try {
    // An interrupted run has left no mark. Python environments cannot be moved, so this creates it in its final place.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    await mkdir(folder, { recursive: true });
    const bin = await install(folder);
    await writeFile(`${mark}.new`, bin);
    await rename(`${mark}.new`, mark);
    return { bin: path.join(folder, bin) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message.split('\n').slice(-5).join('\n') : String(error) };
  }
}

/** Python 3.12 or newer, from the PATH or from pyenv. */
async function python(): Promise<string> {
  const pyenv = process.env['PYENV_ROOT'] ?? path.join(process.env['HOME'] ?? '', '.pyenv');
  const versions = await run('ls', [path.join(pyenv, 'versions')]).then(
    ({ stdout }) => stdout.trim().split('\n'),
    () => [],
  );
  const commands = ['python3', 'python3.13', 'python3.12', 'python3.14'];
  for (const command of [
    ...commands,
    ...versions.map((version) => path.join(pyenv, 'versions', version, 'bin/python3')),
  ]) {
    const version = await run(command, ['-c', 'import sys, venv; print(sys.version_info >= (3, 12))']).catch(
      () => undefined,
    );
    if (version?.stdout.trim() === 'True') return command;
  }
  throw new Error('no Python 3.12 or newer was found');
}
