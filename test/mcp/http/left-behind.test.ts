import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { nowhere } from '../../fixtures/mcp/connect.ts';

const fixture = (path: string) => JSON.stringify(new URL(`../../fixtures/${path}`, import.meta.url).href);
const options = JSON.stringify({ host: nowhere });

/** Programs that start a server as tests do, print its process id and wait. */
const starts = [
  ['over HTTP', `(await (await import(${fixture('mcp-http/http-process.ts')})).startHttp(${options})).child.pid`],
  ['over stdio', `(await (await import(${fixture('mcp/connect.ts')})).connect(${options})).pid`],
  ['byte by byte', `(await (await import(${fixture('mcp/raw-process.ts')})).startRaw(${options})).child.pid`],
] as const;

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test.each(starts)('a server started by a test %s ends with the test, even if that is killed', async (_, start) => {
  const program = `console.log(${start}); setInterval(() => {}, 1000);`;
  const tests = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(tests, 'exit');
  try {
    const [line] = await once(createInterface(tests.stdout), 'line');
    const pid = Number(line);
    expect(isRunning(pid)).toBe(true);
    tests.kill('SIGKILL');
    await exited;
    await expect.poll(() => isRunning(pid)).toBe(false);
  } finally {
    tests.kill('SIGKILL');
  }
});
