import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Agent, StartOptions } from './agent.ts';

/** Runs Continue's CLI once for each prompt: without a terminal this is the only way. */
export async function continueAgent({ home, env }: StartOptions): Promise<Agent> {
  let shown = '';
  let running: ReturnType<typeof spawn> | undefined;
  return {
    async say(prompt) {
      const child = spawn('cn', ['-p', '--auto', prompt], { cwd: home.project, env, detached: true });
      running = child;
      child.stdin.end();
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          shown += text;
        });
      await once(child, 'close');
    },
    cancel: async () => void running?.kill('SIGINT'),
    shown: () => shown,
    async [Symbol.asyncDispose]() {
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
    },
  };
}
