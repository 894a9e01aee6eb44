/**
 * Publishes packed tarballs to npm, one after another. Skips a version that npm already has if it is the same tarball,
 * so an interrupted release can be run again.
 *
 *   node scripts/release/publish.ts FOLDER [ARGUMENT OF npm publish ...]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, publishedFolders, readManifest, repositoryRoot } from './packages.ts';

/** The npm that publishes: trusted publishing needs 11.5.1 or newer. */
const npm = ['npx', '--yes', 'npm@12.2.1'];

interface Tarball extends Manifest {
  path: string;
  integrity: string;
}

function readTarball(path: string): Tarball {
  const manifest = execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' });
  const { name, version } = JSON.parse(manifest) as Manifest;
  return {
    path,
    name,
    version,
    integrity: `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`,
  };
}

/** The tarballs of a folder, in the order of `names`; exactly one per name. */
function inOrder(folder: string, names: readonly string[]): Tarball[] {
  const found = readdirSync(folder)
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => readTarball(join(folder, file)));
  const unknown = found.filter(({ name }) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`${unknown.map(({ name }) => name).join(', ')} is not one of our packages.`);
  return names.map((name) => {
    const [tarball, ...more] = found.filter((each) => each.name === name);
    if (!tarball || more.length > 0) throw new Error(`${folder} must hold one tarball of ${name}.`);
    return tarball;
  });
}

type Viewed = string | string[] | { error: { code?: string } };
const isFailure = (viewed: Viewed | undefined) => typeof viewed === 'object' && 'error' in viewed;

/** The integrity of a published version; undefined if npm has no such version. */
function publishedIntegrity({ name, version }: Manifest, npm: readonly string[]): string | undefined {
  const [command = '', ...args] = [...npm, 'view', `${name}@${version}`, 'dist.integrity', '--json', '--prefer-online'];
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  const answer = stdout.trim() === '' ? undefined : (JSON.parse(stdout) as Viewed);
  if (isFailure(answer) && answer.error.code === 'E404') return undefined;
  // npm 12 prints a list, older ones only the value; no output means that the package lacks the version.
  const [integrity, ...more] = [answer].flat();
  if (status === 0 && more.length === 0 && (integrity === undefined || typeof integrity === 'string')) return integrity;
  throw new Error(`npm could not say whether it has ${name}@${version}:\n${stderr}`);
}

export interface PublishOptions {
  /** Names of the packages, in order. */
  names: readonly string[];
  /** Additional arguments of `npm publish`. */
  publishArgs?: readonly string[];
  npm?: readonly string[];
}

/**
 * Stops at the first failure: published packages stay, and the next run skips them.
 *
 * @throws {Error} before publishing anything, if npm has a version with other content
 */
export function publishMissing(folder: string, options: PublishOptions): { published: string[]; skipped: string[] } {
  const npmCommand = options.npm ?? npm;
  const tarballs = inOrder(folder, options.names);
  const missing: Tarball[] = [];
  const skipped: string[] = [];
  for (const tarball of tarballs) {
    const integrity = publishedIntegrity(tarball, npmCommand);
    const id = `${tarball.name}@${tarball.version}`;
    if (integrity === undefined) missing.push(tarball);
    else if (integrity === tarball.integrity) skipped.push(id);
    else {
      throw new Error(
        `npm has another ${id}: its integrity is ${integrity}, ours is ${tarball.integrity}. ` +
          'Run the failed jobs of the first run again, which keep its tarballs, or release a new version.',
      );
    }
  }
  const published: string[] = [];
  for (const { path, name, version } of missing) {
    // A first release candidate must not become the default version.
    const tag = version.includes('-') ? 'next' : 'latest';
    const [command = '', ...args] = [...npmCommand, 'publish', path, '--access', 'public', '--tag', tag];
    execFileSync(command, [...args, ...(options.publishArgs ?? [])], { stdio: 'inherit' });
    published.push(`${name}@${version}`);
  }
  return { published, skipped };
}

if (import.meta.main) {
  const [folder, ...publishArgs] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Name the folder of the tarballs.');
  const names = publishedFolders.map((each) => readManifest(repositoryRoot, each).name);
  const { published, skipped } = publishMissing(folder, { names, publishArgs });
  for (const id of skipped) console.log(`${id} is on npm already`);
  for (const id of published) console.log(`${id} was published`);
}
