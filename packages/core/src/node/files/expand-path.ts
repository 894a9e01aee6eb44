import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import path, { type PlatformPath } from 'node:path';

/**
 * The absolute path for a path in a Modelfile: `~` is the home folder of the user, `~name` that of another user, and a
 * relative path starts from `baseDir`.
 */
export async function expandPath(
  written: string,
  baseDir: string,
  { isAbsolute, join, resolve, sep }: PlatformPath = path,
): Promise<string> {
  if (!written.startsWith('~')) return isAbsolute(written) ? resolve(written) : resolve(baseDir, written);
  // Except on Windows, a backslash may be part of a name.
  const [user = '', ...rest] = written.slice(1).split(sep === '\\' ? /[/\\]/ : '/');
  return join(user === '' ? homedir() : await homeOf(user), ...rest);
}

/** Node knows only the current user. Others are looked up in the file where systems that have one keep them. */
async function homeOf(user: string): Promise<string> {
  const current = userInfo();
  if (user === current.username) return current.homedir;
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const account = accounts.split('\n').find((line) => line.startsWith(`${user}:`));
  const home = account?.split(':')[5];
  if (!home) throw new Error(`failed to find user '${user}'`);
  return home;
}
