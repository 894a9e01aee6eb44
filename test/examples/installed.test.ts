import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { examplesFolder, runExample, userEnvironment } from '../fixtures/examples/run-example.ts';
import { coreDependencies, packedPackage } from '../fixtures/packed-package.ts';

const run = promisify(execFile);

test('the commands of the README make a folder in which an example runs', async () => {
  await using packed = await packedPackage('core');
  await using server = await startScripted();
  const folder = join(packed.root, 'mine');
  await mkdir(folder);
  const readme = await readFile(join(examplesFolder, 'README.md'), 'utf8');
  const commands =
    /```sh\n([\s\S]*?)```/
      .exec(readme)?.[1]
      ?.split('\n')
      .filter((line) => line.startsWith('npm ')) ?? [];
  expect(commands.at(-1)).toBe('npm install @ollama-toolbelt/core zod');
  // What npm would get from the registry is the packed package, and what the workspace has of the others.
  const dependencies = await coreDependencies();
  const packages = [packed.tarball, ...dependencies, '--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  const env = { ...userEnvironment({ host: '' }), HOME: packed.root, npm_config_cache: join(packed.root, 'cache') };
  for (const command of commands) {
    const words = command.split(' ').slice(1);
    const args = words[0] === 'install' ? ['install', ...packages] : words;
    await run('npm', args, { cwd: folder, env });
  }
  await copyFile(join(examplesFolder, 'terminal-chat.ts'), join(folder, 'terminal-chat.ts'));
  const file = join(folder, 'terminal-chat.ts');
  await using chat = runExample(file, ['chat-model'], { host: server.host, cwd: folder, stdin: 'Hello\n' });
  expect([await chat.ended, chat.stderr()]).toEqual([0, '']);
  expect(chat.stdout()).toContain('Hello from the scripted engine.');
});
