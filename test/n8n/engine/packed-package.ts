import { execFile } from 'node:child_process';
import { glob, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const repository = path.resolve(import.meta.dirname, '../../..');
export const sourceDirectory = path.join(repository, 'packages/n8n-nodes');

export interface PackedPackage extends AsyncDisposable {
  /** Has nothing else in it; everything below it goes with the package. */
  root: string;
  directory: string;
}

/**
 * The node package as people install it: packed and unpacked into a folder of its own, with n8n's own copy of
 * n8n-workflow above it. From the workspace it would load its own, and `instanceof` would tell its errors wrong.
 */
export async function packedPackage({
  withSdk = false,
  workflow = '',
}: {
  withSdk?: boolean;
  /** Folder of another n8n-workflow than that of the engine. */
  workflow?: string;
} = {}): Promise<PackedPackage> {
  await checkBuild();
  const root = await mkdtemp(path.join(await realpath(tmpdir()), 'ollama-toolbelt-n8n-'));
  try {
    const directory = path.join(root, 'node_modules/n8n-nodes-ollama-belt');
    await mkdir(directory, { recursive: true });
    await run('pnpm', ['pack', '--pack-destination', root], { cwd: sourceDirectory });
    const [tarball] = (await readdir(root)).filter((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw new Error('pnpm pack made no tarball');
    await run('tar', ['-xzf', path.join(root, tarball), '-C', directory, '--strip-components=1']);
    await symlink(workflow || (await engineCopyOf('n8n-workflow')), path.join(root, 'node_modules/n8n-workflow'));
    if (withSdk) await addStandInSdk(path.join(root, 'node_modules/@n8n/ai-node-sdk'));
    return { root, directory, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Stands in for n8n's package for AI nodes, which brings 230 MB more than n8n-core: it hands over the model as it is, and
 * takes schemas for JSON Schemas. The whole n8n, in tests of its own, has the real one.
 */
async function addStandInSdk(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(
    path.join(directory, 'index.js'),
    `exports.supplyModel = (context, model) => ({ response: model });
exports.getParametersJsonSchema = ({ inputSchema }) => inputSchema;
`,
  );
}

/** What is packed was built before; a test of an older build would tell nothing about the sources. */
async function checkBuild(): Promise<void> {
  const built = await changed('packages/n8n-nodes/dist/**/*.node.js');
  const sources = await changed('packages/n8n-nodes/{nodes,credentials}/**/*.{ts,json}');
  if (sources > built)
    throw new Error('packages/n8n-nodes/dist is missing or older than its sources: run "pnpm build"');
}

/** When the last of these files changed. */
async function changed(pattern: string): Promise<number> {
  let last = 0;
  for await (const file of glob(pattern, { cwd: repository })) {
    last = Math.max(last, (await stat(path.join(repository, file))).mtimeMs);
  }
  return last;
}

/** Folder of the copy of a package that n8n-core loads. */
async function engineCopyOf(name: string): Promise<string> {
  const core = createRequire(import.meta.url).resolve('n8n-core/package.json');
  return realpath(path.join(path.dirname(await realpath(core)), '..', name));
}
