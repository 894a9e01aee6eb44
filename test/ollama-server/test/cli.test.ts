import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const endWithParent = new URL('../src/end-with-parent.mjs', import.meta.url).href;

/** Ends with the test, however that ends. */
function start(flags: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--import', endWithParent, cli, ...flags], {
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  }) as ChildProcessWithoutNullStreams;
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function ended(child: ChildProcessWithoutNullStreams) {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

async function addressOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [line] = await once(child.stdout, 'data');
  return /^Listening on (\S+) /.exec(String(line))![1]!;
}

test('prints its address first, and ends with Ctrl-C, not with its input', async () => {
  const child = start(['--engine', 'scripted']);
  const address = await addressOf(child);
  child.stdin.end();
  expect(await (await fetch(address)).text()).toBe('Ollama is running');
  child.kill('SIGINT');
  expect((await ended(child)).code).toBe(0);
});

test('ends with the program that started it', async () => {
  const child = start(['--engine', 'scripted', '--stdin']);
  const address = await addressOf(child);
  child.stdin.end();
  expect((await ended(child)).code).toBe(0);
  await expect(fetch(address)).rejects.toThrow();
});

test('simulates an older version', async () => {
  const child = start(['--engine', 'scripted', '--play', '0.24']);
  const answer = await fetch(`${await addressOf(child)}/api/version`);
  expect(await answer.json()).toEqual({ version: '0.24.0' });
  child.kill('SIGTERM');
  await ended(child);
});

test('prints its help', async () => {
  const { code, out } = await ended(start(['--help']));
  expect(code).toBe(0);
  for (const word of ['--engine', '--play', '--port', '--empty', 'OLLAMA_STAND_IN_NO_BINARY'])
    expect(out).toContain(word);
});

test.each([
  [
    'no build for the machine',
    [],
    { OLLAMA_STAND_IN_NO_BINARY: '1' },
    /^no llama\.cpp binary runs on this machine .*\n$/,
  ],
  ['an unknown engine', ['--engine', 'steam'], {}, /^--engine is llama or scripted, not steam\n$/],
  ['an unknown version', ['--play', '0.1'], {}, /^--play is 0\.33 or 0\.24, not 0\.1\n$/],
  ['an invalid port', ['--port', 'x'], {}, /^--port is a number up to 65535, not x\n$/],
  ['an unknown flag', ['--fast'], {}, /^Unknown option '--fast'.*\n$/],
])('%s is one line and exit code 1', async (_, flags, env, message) => {
  const { code, out, err } = await ended(start(flags, env));
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(message);
});

test('a used port is a one-line error and exit code 1', async () => {
  const first = start(['--engine', 'scripted']);
  const { port } = new URL(await addressOf(first));
  const { code, err } = await ended(start(['--engine', 'scripted', '--port', port]));
  expect(code).toBe(1);
  expect(err).toMatch(/^listen EADDRINUSE.*\n$/);
  first.kill('SIGTERM');
  await ended(first);
});
