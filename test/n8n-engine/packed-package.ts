import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const sourceDirectory = path.resolve(import.meta.dirname, '../../packages/n8n-nodes');

export interface PackedPackage extends AsyncDisposable {
  /** Has nothing else in it; everything below it goes with the package. */
  root: string;
  directory: string;
}

/**
 * The node package as people install it: packed and unpacked into a folder of its own, with n8n's own copy of
 * n8n-workflow above it. From the workspace it would load its own, and `instanceof` would tell its errors wrong.
 */
export async function packedPackage(): Promise<PackedPackage> {
  const root = await mkdtemp(path.join(await realpath(tmpdir()), 'ollama-toolbelt-n8n-'));
  try {
    const directory = path.join(root, 'node_modules/@ollama-toolbelt/n8n-nodes-ollama');
    await mkdir(directory, { recursive: true });
    await run('pnpm', ['pack', '--pack-destination', root], { cwd: sourceDirectory });
    const [tarball] = (await readdir(root)).filter((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw new Error('pnpm pack made no tarball');
    await run('tar', ['-xzf', path.join(root, tarball), '-C', directory, '--strip-components=1']);
    await symlink(await engineCopyOf('n8n-workflow'), path.join(root, 'node_modules/n8n-workflow'));
    return { root, directory, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/** Folder of the copy of a package that n8n-core loads. */
async function engineCopyOf(name: string): Promise<string> {
  const core = createRequire(import.meta.url).resolve('n8n-core/package.json');
  return realpath(path.join(path.dirname(await realpath(core)), '..', name));
}
