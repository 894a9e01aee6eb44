import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runCli } from '../../fixtures/mcp/run-cli.ts';
import type { HostHome } from '../machine/host-home.ts';
import type { HostUnderTest } from './agent.ts';

const run = promisify(execFile);

interface Machine {
  home: HostHome;
  env: Record<string, string>;
  /** Address of Ollama. */
  ollama: string;
}

/** Applies the output of `--print-config` as a person would: runs it, or adds it to the settings file. */
export async function configure({ config, file }: HostUnderTest, { home, env, ollama }: Machine): Promise<void> {
  // Not by a flag: this also tests that the variable arrives even if the host passes none on.
  const { stdout, stderr } = await runCli(['--print-config', config], { env: { OLLAMA_HOST: ollama } });
  const install = /first run: (.+)/.exec(stderr)?.[1];
  const inShell = (line: string) => run('sh', ['-c', line], { cwd: home.project, env });
  if (install !== undefined) await inShell(install);
  if (stderr.includes('in a terminal')) {
    await inShell(stdout);
    return;
  }
  const present = await home.read(file);
  const isJson = file.endsWith('.json');
  await home.write(file, isJson ? { ...JSON.parse(present), ...JSON.parse(stdout) } : `${present}${stdout}`);
}

/** Removes what `configure` has added, and adds it again with `setup`. */
export async function setUp({ config }: HostUnderTest, { home, env, ollama }: Machine): Promise<string> {
  const setup = async (...args: string[]) => {
    const options = { env: { ...env, OLLAMA_HOST: ollama }, cwd: home.project };
    const { code, stdout, stderr } = await runCli(['setup', config, ...args], options);
    if (code !== 0) throw new Error(`setup ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  const found = await setup('--dry-run');
  await setup('--remove', '--yes');
  await setup('--yes');
  return found;
}
