import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { cli } from './connect.ts';

export interface Ended {
  /** Of the process; null where a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** Sees the process while it runs. */
  onStart?: (child: ChildProcessWithoutNullStreams) => void;
}

/** Runs the built command to its end. Its environment is what is given and nothing else. */
export async function runCli(
  args: readonly string[],
  { env = {}, stdin = '', onStart }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { env });
  onStart?.(child);
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
