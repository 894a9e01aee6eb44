import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PackedPackage extends AsyncDisposable {
  /** A temporary folder; everything below it goes with the package. */
  root: string;
  tarball: string;
  /** The unpacked tarball. */
  directory: string;
}

/** A package of the workspace as it would be published, from the `dist` that a build has left. */
export async function packedPackage(name: 'core' | 'mcp-server'): Promise<PackedPackage> {
  const root = await mkdtemp(join(await realpath(tmpdir()), `ollama-toolbelt-${name}-`));
  try {
    const source = fileURLToPath(new URL(`../../packages/${name}`, import.meta.url));
    await run('pnpm', ['pack', '--pack-destination', root], { cwd: source });
    const [file] = (await readdir(root)).filter((entry) => entry.endsWith('.tgz'));
    if (file === undefined) throw new Error('pnpm pack made no tarball');
    const tarball = join(root, file);
    const directory = join(root, 'unpacked');
    await mkdir(directory);
    await run('tar', ['-xzf', tarball, '-C', directory, '--strip-components=1']);
    return { root, tarball, directory, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/** All files of a folder, with `/` between the parts of a path, sorted. */
export async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** Runs a tool that the tests depend on; gives what it printed, also where it fails. */
export async function runTool(
  name: 'publint' | 'attw',
  args: readonly string[],
): Promise<{ ok: boolean; text: string }> {
  const bin = fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
  const outcome = run(bin, [...args], { env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } });
  return outcome.then(
    ({ stdout, stderr }) => ({ ok: true, text: stdout + stderr }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, text: stdout + stderr }),
  );
}

/** Another Node to try them on: CI names each that a release is for. */
const further = process.env['PACKED_NODE'];

/** The versions of Node that published packages are tried on. */
export const nodes: readonly { version: number; node: string }[] = [
  { version: 24, node: process.execPath },
  { version: 20, node: fileURLToPath(new URL('../node_modules/node-20/bin/node', import.meta.url)) },
  ...(further ? [{ version: majorOf(further), node: further }] : []),
];

function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]);
}
