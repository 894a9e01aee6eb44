/** Downloads the workflow linters, which are not npm packages, into the cache below `node_modules`. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A network that drops packets must not delay a check for long, nor every check. */
const INSTALL_TIMEOUT_MS = 120_000;
const RETRY_AFTER_MS = 60 * 60 * 1000;
const exe = process.platform === 'win32' ? '.exe' : '';

/** The path of a linter, or the reason why it is not available on this machine. */
export type Linter = { command: string } | { missing: string };

export interface LinterSource {
  name: string;
  /** A requirements file in this folder: the version, and the digest of each file that PyPI may send. */
  pip: string;
  /** The same program as a Go module, which Go verifies with its checksum database. Tried before PyPI. */
  go?: string;
}

export interface InstallOptions {
  cache: string;
  /** The search path for programs: `PATH` decides whether there is a Python. */
  env: NodeJS.ProcessEnv;
}

export async function installLinter({ name, pip, go }: LinterSource, { cache, env }: InstallOptions): Promise<Linter> {
  const requirement = join(import.meta.dirname, pip);
  const [, version] = /^\S+==(\S+)/.exec(readFileSync(requirement, 'utf8')) ?? [];
  const folder = join(cache, `${name}-${version}`);
  const program = join('bin', name + exe);
  if (existsSync(join(folder, program))) return { command: join(folder, program) };
  const earlier = recentFailure(folder);
  if (earlier !== undefined) return { missing: earlier };

  mkdirSync(cache, { recursive: true });
  const problems: Problem[] = [];
  for (const install of [go && goInstall(go), pipInstall(requirement)]) {
    if (!install) continue;
    // Moved into place once complete: an interrupted run leaves nothing that looks installed.
    const draft = mkdtempSync(join(cache, `${name}-`));
    try {
      const problem = await install(draft, env);
      if (problem) {
        problems.push(problem);
      } else if (existsSync(join(draft, program))) {
        if (!existsSync(folder)) renameSync(draft, folder);
        return { command: join(folder, program) };
      } else {
        problems.push({ text: `${name} was installed, but without a program`, fetched: true });
      }
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const missing = problems.map(({ text }) => text).join('; ');
  if (problems.some(({ fetched }) => fetched)) writeFileSync(`${folder}.failed`, missing);
  return { missing };
}

/** A download that failed within the last hour is not tried again: that takes as long as the network's timeout. */
function recentFailure(folder: string): string | undefined {
  const file = `${folder}.failed`;
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts === undefined || Date.now() - facts.mtimeMs > RETRY_AFTER_MS) return undefined;
  return `${readFileSync(file, 'utf8')}; delete ${file} to try again within the hour`;
}

interface Problem {
  text: string;
  /** Whether a slow download was tried. */
  fetched: boolean;
}

type Install = (folder: string, env: NodeJS.ProcessEnv) => Promise<Problem | undefined>;

const goInstall =
  (module: string): Install =>
  async (folder, env) => {
    if (!(await runs('go', ['version'], env))) return { text: 'there is no Go', fetched: false };
    const own = { ...env, GOBIN: join(folder, 'bin'), GOFLAGS: '-mod=mod' };
    return failure('go install', 'go', ['install', module], own);
  };

/** `--target` needs no virtual environment, which Debian's Python cannot create without another package. */
const pipInstall =
  (requirement: string): Install =>
  async (folder, env) => {
    for (const [command = '', ...args] of [['python3'], ['python'], ['py', '-3']]) {
      if (!(await runs(command, [...args, '-m', 'pip', '--version'], env))) continue;
      const pip = [
        ...args,
        ...['-m', 'pip', '--disable-pip-version-check', '--no-input', 'install', '--quiet', '--no-deps'],
        // The linters are native programs: it does not matter which Python installed them.
        ...['--ignore-requires-python', '--require-hashes', '--retries', '0', '--timeout', '15'],
        ...['--target', folder, '--requirement', requirement],
      ];
      return failure('pip', command, pip, env);
    }
    return { text: 'there is no Python 3 with pip', fetched: false };
  };

const runs = async (command: string, args: string[], env: NodeJS.ProcessEnv) =>
  (await finish(command, args, env, 20_000)) === undefined;

async function failure(what: string, command: string, args: string[], env: NodeJS.ProcessEnv) {
  const text = await finish(command, args, env, INSTALL_TIMEOUT_MS);
  return text === undefined ? undefined : { text: `${what} failed: ${text}`, fetched: true };
}

/** The line that says why a program failed, or undefined if it did not. */
function finish(command: string, args: string[], env: NodeJS.ProcessEnv, timeout: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout }, (error, _, stderr) => {
      if (error === null) return resolve(undefined);
      const lines = stderr.trim().split('\n');
      resolve(lines.findLast((line) => /error/i.test(line)) || lines.at(-1) || error.message);
    });
  });
}
