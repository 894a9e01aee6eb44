import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { runCli } from '../../fixtures/mcp/run-cli.ts';
import type { HostHome } from '../machine/host-home.ts';
import type { HostUnderTest } from './agent.ts';

const run = promisify(execFile);

/** Does what a person does with the output of `--print-config`: runs it, or puts it into the file of settings. */
export async function configure(
  { config, file }: HostUnderTest,
  { home, env, ollama }: { home: HostHome; env: Record<string, string>; ollama: string },
): Promise<void> {
  // Not by a flag: that the variable gets there though the host passes none on is part of it.
  const { stdout, stderr } = await runCli(['--print-config', config], { env: { OLLAMA_HOST: ollama } });
  const install = /first run: (.+)/.exec(stderr)?.[1];
  const inShell = (line: string) => run('sh', ['-c', line], { cwd: home.project, env });
  if (install !== undefined) await inShell(install);
  if (stderr.includes('in a terminal')) {
    await inShell(stdout);
    return;
  }
  const present = await readFile(path.join(home.folder, file), 'utf8');
  const isJson = file.endsWith('.json');
  await home.write(file, isJson ? { ...JSON.parse(present), ...JSON.parse(stdout) } : `${present}${stdout}`);
}
