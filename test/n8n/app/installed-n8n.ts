import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const LIMIT_MS = 15 * 60_000;

const ours = path.join(import.meta.dirname, 'n8n');
const home = path.resolve(import.meta.dirname, '../../../node_modules/.cache/ollama-toolbelt/n8n-2.41.1');
const files = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml'];
const MARK = '.complete';

/**
 * The file that starts n8n. It is two gigabytes with its own lockfile, so running only the other tests does not
 * download it; the first run installs it below node_modules. Throws if it is not available.
 */
export async function installedN8n(): Promise<string> {
  const wanted = await fingerprint();
  await removeUnfinished();
  if ((await markOf(home)) !== wanted) await install(wanted);
  return path.join(home, 'node_modules/n8n/bin/n8n');
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const name of files) hash.update(await readFile(path.join(ours, name)));
  return hash.digest('hex');
}

/** What a complete installation was made of. */
const markOf = (folder: string) => readFile(path.join(folder, MARK), 'utf8').catch(() => '');

async function install(wanted: string): Promise<void> {
  // Built in a temporary place: an interrupted run leaves nothing that looks like an n8n.
  const folder = `${home}.${process.pid}`;
  const deadline = AbortSignal.timeout(LIMIT_MS);
  const pnpm = (args: string[], env = {}) => runTool('pnpm', args, { cwd: folder, env, signal: deadline });
  try {
    await mkdir(folder, { recursive: true });
    for (const name of files) await copyFile(path.join(ours, name), path.join(folder, name));
    await pnpm(['install', '--frozen-lockfile', '--ignore-scripts']);
    await pnpm(['rebuild', 'node']);
    // Its prebuilt binary is not in the registry. The package `node` has the headers to compile it without another
    // download; it is the only package that needs a build.
    const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    await pnpm(['rebuild', 'sqlite3'], {
      npm_config_nodedir: path.join(folder, 'node_modules/node/node_modules', platform),
    });
    await writeFile(path.join(folder, MARK), wanted);
    // Another run may have finished first, and use it.
    if ((await markOf(home)) === wanted) return;
    await rm(home, { recursive: true, force: true });
    await rename(folder, home);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what a process left that was killed while it installed. */
async function removeUnfinished(): Promise<void> {
  const prefix = `${path.basename(home)}.`;
  const names = await readdir(path.dirname(home)).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (!/^\d+$/.test(pid) || isRunning(Number(pid))) continue;
    await rm(path.join(path.dirname(home), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process runs too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In its own process group, so its child processes end with it at the timeout. */
function runTool(
  command: string,
  args: string[],
  { cwd, env, signal }: { cwd: string; env: Record<string, string>; signal: AbortSignal },
): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => output.push(bytes));
  const giveUp = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', giveUp, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', giveUp);
      if (code === 0) return resolve();
      const why = signal.aborted ? `took longer than ${LIMIT_MS / 60_000} minutes` : `ended with ${code}`;
      const last = Buffer.concat(output).toString().trim().split('\n').slice(-5).join('\n');
      reject(new Error(`"${command} ${args.join(' ')}" ${why}: ${last}`));
    });
  });
}
