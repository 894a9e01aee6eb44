/** Fetches the linters of the workflows, which are no npm packages, into the cache below `node_modules`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A network that swallows packets must not hold up a check. */
const INSTALL_TIMEOUT_MS = 120_000;
const exe = process.platform === 'win32' ? '.exe' : '';

/** Where to find a linter, or why it cannot be had on this machine. */
export type Linter = { command: string } | { missing: string };

export interface LinterSource {
  name: string;
  /** A requirements file beside this one: the version, and the digest of each file that PyPI may answer with. */
  pip: string;
  /** The same program as a Go module, which Go verifies against its checksum database. Tried before PyPI. */
  go?: string;
}

export interface InstallOptions {
  cache: string;
  /** Where programs are looked for: `PATH` decides whether there is a Python. */
  env: NodeJS.ProcessEnv;
}

export function installLinter({ name, pip, go }: LinterSource, { cache, env }: InstallOptions): Linter {
  const requirement = join(import.meta.dirname, pip);
  const [, version] = /^\S+==(\S+)/.exec(readFileSync(requirement, 'utf8')) ?? [];
  const folder = join(cache, `${name}-${version}`);
  const command = join(folder, 'bin', name + exe);
  if (existsSync(command)) return { command };
  mkdirSync(cache, { recursive: true });
  const reasons: string[] = [];
  for (const install of [go && goInstall(go), pipInstall(requirement)]) {
    if (!install) continue;
    // Moved into place when it is whole: a run that was interrupted leaves nothing that looks installed.
    const draft = mkdtempSync(join(cache, `${name}-`));
    const problem = install(draft, env);
    if (problem === undefined && existsSync(join(draft, 'bin', name + exe))) {
      if (!existsSync(folder)) renameSync(draft, folder);
      rmSync(draft, { recursive: true, force: true });
      return { command };
    }
    rmSync(draft, { recursive: true, force: true });
    reasons.push(problem ?? `${name} was installed, but without a program`);
  }
  return { missing: reasons.join('; ') };
}

type Install = (folder: string, env: NodeJS.ProcessEnv) => string | undefined;

const goInstall =
  (module: string): Install =>
  (folder, env) => {
    if (!runs('go', ['version'], env)) return 'there is no Go';
    return failure('go install', 'go', ['install', module], {
      ...env,
      GOBIN: join(folder, 'bin'),
      GOFLAGS: '-mod=mod',
    });
  };

/** `--target` needs no virtual environment, which Debian's Python cannot make without a further package. */
const pipInstall =
  (requirement: string): Install =>
  (folder, env) => {
    const python = [['python3'], ['python'], ['py', '-3']].find(([command = '', ...args]) =>
      runs(command, [...args, '-m', 'pip', '--version'], env),
    );
    if (python === undefined) return 'there is no Python 3 with pip';
    const [command = '', ...args] = python;
    return failure(
      'pip',
      command,
      [
        ...args,
        ...['-m', 'pip', '--disable-pip-version-check', '--no-input', 'install', '--quiet', '--no-deps'],
        // The linters are programs: which Python brought them does not matter to them.
        ...['--ignore-requires-python', '--require-hashes', '--retries', '0', '--timeout', '15'],
        ...['--target', folder, '--requirement', requirement],
      ],
      env,
    );
  };

function runs(command: string, args: string[], env: NodeJS.ProcessEnv): boolean {
  return spawnSync(command, args, { env, stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function failure(what: string, command: string, args: string[], env: NodeJS.ProcessEnv): string | undefined {
  const run = spawnSync(command, args, { env, encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS });
  if (run.status === 0) return undefined;
  const lines = `${run.stderr ?? ''}`.trim().split('\n');
  return `${what} failed: ${run.error?.message ?? lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)}`;
}
