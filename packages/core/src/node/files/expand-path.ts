import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import path, { type PlatformPath } from 'node:path';

/**
 * The absolute path of what a Modelfile writes: `~` is the home of the user, `~name` that of another one, and what is
 * relative starts from `baseDir`.
 */
export async function expandPath(
  written: string,
  baseDir: string,
  { isAbsolute, join, resolve, sep }: PlatformPath = path,
): Promise<string> {
  if (!written.startsWith('~')) return isAbsolute(written) ? resolve(written) : resolve(baseDir, written);
  // Elsewhere than on Windows a backslash may be part of a name.
  const [user = '', ...rest] = written.slice(1).split(sep === '\\' ? /[/\\]/ : '/');
  return join(user === '' ? homedir() : await homeOf(user), ...rest);
}

/** Node knows the current user only; others are looked up where systems with such a file keep them. */
async function homeOf(user: string): Promise<string> {
  const current = userInfo();
  if (user === current.username) return current.homedir;
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const account = accounts.split('\n').find((line) => line.startsWith(`${user}:`));
  const home = account?.split(':')[5];
  if (!home) throw new Error(`failed to find user '${user}'`);
  return home;
}
