/** `setup`: adds the server to the settings of the agent hosts on this machine, or removes it. */
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { promisify } from 'node:util';
import { agentHosts } from '../agent-hosts.ts';
import type { SetupCommand } from '../command-line.ts';
import { installCommand } from '../launch.ts';
import type { Terminal } from '../terminal.ts';
import { findFiles, isInstalled, type Machine } from './find-files.ts';
import { lineDiff } from './line-diff.ts';
import { type Plan, type Problem, planFor } from './plan.ts';
import { writePlan } from './write-plan.ts';

const thisMachine = (): Machine => ({
  platform: process.platform,
  home: homedir(),
  here: process.cwd(),
  env: process.env,
});

/**
 * Shows the changes to the settings of the hosts that are found, asks, and writes them.
 *
 * @returns the exit code: 0 if all changes were made, else 1.
 */
export async function setup(
  { hosts, remove, dryRun, yes, settings, ownVariables }: SetupCommand,
  terminal: Terminal,
  signal: AbortSignal,
  machine: Machine = thisMachine(),
): Promise<number> {
  const { flags, env, secrets } = settings;
  const files = await findFiles(machine, hosts);
  if (files.length === 0) return nothingFound(hosts, terminal);
  const request = {
    remove,
    ownVariables,
    settings: { flags, env, platform: machine.platform },
    isInstalled: await isInstalled(machine),
  };
  const all = await Promise.all(files.map((file) => planFor(file, request)));
  const problems = all.filter((one): one is Problem => 'problem' in one);
  const plans = all.filter((one): one is Plan => !('problem' in one));
  const changes = plans.filter(({ before, after }) => before !== after);
  const needsInstall = changes.some((plan) => plan.needsInstall);

  for (const plan of plans) terminal.print(`${describe(plan, remove).join('\n')}\n`);
  for (const { host, path, problem } of problems)
    terminal.say(`${agentHosts[host].title}: ${path} ${problem}. It was left unchanged.`);
  const result = problems.length > 0 ? 1 : 0;
  if (changes.length === 0) return result;
  if (needsInstall) terminal.print(`Run this first: ${installCommand}\n`);
  if (dryRun) {
    terminal.print('Nothing was written.\n');
    return result;
  }
  const question = `Write ${changes.length === 1 ? 'this file' : `these ${changes.length} files`}? (y/N) `;
  if (!yes && !(await isAgreed(question, terminal, signal))) {
    terminal.print('Nothing was written.\n');
    return 1;
  }
  const isReady = !needsInstall || (await install(machine, terminal, signal));
  const written = await writeAll(changes, isReady, terminal);
  if (!remove) tellRest(changes, secrets, terminal);
  return written ? result : 1;
}

function nothingFound(hosts: SetupCommand['hosts'], terminal: Terminal): number {
  const wanted = (hosts ?? []).map((host) => agentHosts[host].title).join(', ');
  const what = wanted === '' ? 'No agent host known to setup was found' : `${wanted} was not found`;
  terminal.say(`${what} on this machine. --print-config prints the lines to add.`);
  return 1;
}

function describe({ host, path, before, after }: Plan, remove: boolean): string[] {
  const head = `${agentHosts[host].title}: ${path}`;
  if (before === after) return [`${head}\n  ${remove ? 'has no entry for this server' : 'is set up already'}`];
  if (after === undefined) return [head, '  is removed, since it did not exist before'];
  const note = before === undefined ? ['  new file'] : [];
  return [head, ...note, ...lineDiff(before ?? '', after).map((line) => `  ${line}`)];
}

/** Reads the answer from the terminal or a pipe. The end of the input means no. */
async function isAgreed(question: string, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  terminal.print(question);
  const reader = createInterface({ input: process.stdin });
  try {
    const line = await new Promise<string>((resolve) => {
      reader.once('line', resolve);
      reader.once('close', () => resolve(''));
      signal.addEventListener('abort', () => resolve(''), { once: true });
    });
    return /^\s*y(es)?\s*$/i.test(line);
  } finally {
    reader.close();
  }
}

/** Installs the command that the hosts will start. */
async function install({ platform, env }: Machine, terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  const [command = '', ...args] = installCommand.split(' ');
  terminal.print(`${installCommand}\n`);
  try {
    // On Windows, npm is a script, which only a shell can run.
    await promisify(execFile)(command, args, { env: { ...env }, signal, shell: platform === 'win32' });
    return true;
  } catch (error) {
    const lines = String((error as { stderr?: string }).stderr || error)
      .trim()
      .split('\n');
    terminal.say(`npm failed: ${lines.slice(0, 5).join('\n')}`);
    return false;
  }
}

async function writeAll(changes: readonly Plan[], isReady: boolean, terminal: Terminal): Promise<boolean> {
  let isWhole = true;
  for (const plan of changes) {
    const { title } = agentHosts[plan.host];
    try {
      if (plan.needsInstall && !isReady) throw new Error('is left unchanged, since the command is not installed');
      await writePlan(plan);
      const kept =
        plan.backup === undefined || plan.before === undefined
          ? ''
          : `; the previous version is kept as ${plan.backup}`;
      terminal.print(`${title}: ${plan.after === undefined ? 'deleted' : 'written'}${kept}\n`);
    } catch (error) {
      isWhole = false;
      terminal.say(`${title}: ${plan.path} ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return isWhole;
}

/** Prints the remaining steps for the person. */
function tellRest(changes: readonly Plan[], secrets: readonly string[], terminal: Terminal): void {
  const hosts = [...new Set(changes.map(({ host }) => agentHosts[host]))];
  terminal.print(`Restart ${hosts.map(({ title }) => title).join(', ')} to use the tools.\n`);
  for (const { afterwards } of hosts) if (afterwards !== undefined) terminal.print(`${afterwards}\n`);
  for (const name of secrets)
    terminal.say(`${name} is left out: give it to the host yourself, preferably where it stores secrets`);
}
