import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The absolute path of what a Modelfile writes: `~` is the home of the user, `~name` that of another one, and what is
 * relative starts from `baseDir`.
 */
export async function expandPath(path: string, baseDir: string): Promise<string> {
  if (!path.startsWith('~')) return isAbsolute(path) ? resolve(path) : resolve(baseDir, path);
  const [user = '', ...rest] = path.slice(1).split('/');
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
