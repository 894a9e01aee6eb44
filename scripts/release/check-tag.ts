/**
 * Fails unless a tag may be released: it must name the version of every package, and its commit must be on the main
 * branch.
 *
 *   node scripts/release/check-tag.ts v1.2.3 [BRANCH]      default: origin/main
 */
import { spawnSync } from 'node:child_process';
import { repositoryRoot, sharedVersion } from './packages.ts';

/** @throws {Error} that says what to do about the tag */
export function checkTag(tag: string, { root = repositoryRoot, branch = 'origin/main' } = {}): void {
  const version = sharedVersion(root);
  if (tag !== `v${version}`) {
    throw new Error(`The tag is ${tag}, but the packages have version ${version}. Tag the commit v${version}.`);
  }
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const commit = (name: string) => {
    const { status, stdout } = git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
    if (status !== 0) throw new Error(`Git knows no ${name} here. Fetch the whole history, with tags.`);
    return stdout.trim();
  };
  const tagged = commit(`refs/tags/${tag}`);
  if (tagged !== commit('HEAD')) throw new Error(`HEAD is not the commit of ${tag}. Check out the tag.`);
  commit(branch);
  if (git('merge-base', '--is-ancestor', tagged, branch).status !== 0) {
    throw new Error(`${tag} is not on ${branch}. Merge its commit first, then move the tag there.`);
  }
}

if (import.meta.main) {
  const [tag = '', branch] = process.argv.slice(2);
  try {
    checkTag(tag, branch === undefined ? {} : { branch });
    console.log(`${tag} may be released`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
