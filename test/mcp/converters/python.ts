import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const INSTALL_TIMEOUT_MS = 240_000;

const requirements = join(import.meta.dirname, 'requirements.txt');
const cache = resolve(import.meta.dirname, '../../../node_modules/.cache/mcp-converters');
const program = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';

/**
 * A Python that has the converters, which the first run fetches from PyPI; or why there is none here. Each of their
 * packages has a version and a digest.
 */
export async function pythonWithConverters(): Promise<{ command: string } | { missing: string }> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, digest);
  if (existsSync(join(folder, '.complete'))) return { command: join(folder, program) };
  await mkdir(cache, { recursive: true });
  const problem = install(folder);
  return problem === undefined ? { command: join(folder, program) } : { missing: problem };
}

function install(folder: string): string | undefined {
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS });
  const draft = mkdtempSync(`${folder}-`);
  try {
    const made = run('python3', ['-m', 'venv', '--copies', draft]);
    if (made.status !== 0) return `no Python that can make a venv: ${made.error?.message ?? made.stderr}`;
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '0', '--timeout', '20'];
    const done = run(join(draft, program), [...pip, '--require-hashes', '-r', requirements]);
    if (done.status !== 0) return `PyPI: ${done.error?.message ?? done.stderr.trim().split('\n').at(-1)}`;
    run(join(draft, program), ['-c', `open(${JSON.stringify(join(draft, '.complete'))}, 'w').close()`]);
    // Another run may have created it first.
    if (!existsSync(folder)) renameSync(draft, folder);
    return undefined;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
