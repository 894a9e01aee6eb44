import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));
const endWithParent = new URL('../ollama-server/src/end-with-parent.mjs', import.meta.url).href;

export interface DemoRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Variables of the person who runs the tests must not decide what the demo finds. */
function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OLLAMA_'));
  return { ...Object.fromEntries(inherited), ...env };
}

/** Starts the demo as `pnpm demo` does, in a process group of its own. It ends with the test process at the latest. */
export function startDemo(env: Readonly<Record<string, string>>, args: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, ['--import', endWithParent, '--conditions=source', main, ...args], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
}

export async function runDemo(env: Readonly<Record<string, string>>, ...args: string[]): Promise<DemoRun> {
  return finished(startDemo(env, args));
}

/** What the demo printed, once it and all that hold its output have ended. */
export async function finished(child: ChildProcess): Promise<DemoRun> {
  const run: DemoRun = { code: null, stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    run.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    run.stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { ...run, code };
}
