import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The release scripts use git; an archive of the sources has no repository. */
export const hasGit = existsSync(join(root, '.git'));

export function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@test.invalid', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' });
}

export interface Folder extends Disposable {
  path: string;
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'ollama-toolbelt-release-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The current files of the repository in a new git repository, without those that are only data. */
export function repositoryCopy(): Folder {
  const folder = temporaryFolder();
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  for (const file of new Set(list.split('\0'))) {
    if (file === '' || /^test\/ollama-server\/(models|transcripts)\//.test(file)) continue;
    const source = join(root, file);
    if (existsSync(source)) cpSync(source, join(folder.path, file), { recursive: true, verbatimSymlinks: true });
  }
  git(folder.path, 'init', '--quiet', '--initial-branch=main');
  git(folder.path, 'add', '--all');
  git(folder.path, 'commit', '--quiet', '--message=Start');
  return folder;
}
