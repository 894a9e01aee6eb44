import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gate, type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type TempFolder, tempFolder } from '../fixtures/core/temp-folder.ts';
import { examplesFolder, startCommand, userEnvironment } from '../fixtures/examples/run-example.ts';

const run = promisify(execFile);
const missing = ['sh', 'git', 'jq'].filter((command) => spawnSync(command, ['--version']).error !== undefined);
const skipped = missing.length > 0 ? ` (skipped: ${missing.join(' and ')} not found)` : '';

/** A repository with a commit, and a change on top that is not committed. */
async function repository(): Promise<TempFolder & { git(...args: string[]): string }> {
  const folder = await tempFolder();
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  const env = { ...userEnvironment({ host: '' }), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const git = (...args: string[]) =>
    execFileSync('git', [...who, ...args], { cwd: folder.path, env, encoding: 'utf8' }).trim();
  git('init', '--quiet');
  await folder.write('sum.js', 'export const sum = (a, b) => a + b;\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'First');
  await folder.write('sum.js', 'export const sum = (a, b) => a - b;\n');
  return { ...folder, git };
}

const promptOf = (server: ScriptedServer) => JSON.stringify(server.requestsTo('/api/generate').at(-1)?.body);

describe(`commit-message.sh${skipped}`, () => {
  const script = join(examplesFolder, 'commit-message.sh');

  test.skipIf(skipped)('prints a message for what is staged, and leaves no file', async () => {
    await using server = await startScripted();
    await using folder = await repository();
    await using temporary = await tempFolder();
    const options = {
      host: server.host,
      cwd: folder.path,
      env: { OLLAMA_MODEL: 'chat-model', TMPDIR: temporary.path },
    };
    await using nothing = startCommand(script, [], options);
    expect([await nothing.ended, nothing.stderr()]).toEqual([1, 'Nothing is staged. Run git add first.\n']);

    folder.git('add', '.');
    server.generate({ text: 'Subtract in sum' });
    await using example = startCommand(script, [], options);
    expect([await example.ended, example.stdout()]).toEqual([0, 'Subtract in sum\n']);
    expect(promptOf(server)).toContain('-export const sum = (a, b) => a + b;');
    await expect(run('ls', [temporary.path])).resolves.toMatchObject({ stdout: '' });
  });

  test.skipIf(skipped)('leaves no file if a signal ends it', async () => {
    await using server = await startScripted();
    await using folder = await repository();
    await using temporary = await tempFolder();
    folder.git('add', '.');
    const stop = gate();
    server.generate({ text: ['Sub', stop, 'tract'] });
    const env = { OLLAMA_MODEL: 'chat-model', TMPDIR: temporary.path };
    await using example = startCommand(script, [], { host: server.host, cwd: folder.path, env });
    await stop.reached;
    example.child.kill('SIGTERM');
    // The shell waits for the running command before it ends.
    stop.release();
    expect(await example.ended).toBe(143);
    await expect(run('ls', [temporary.path])).resolves.toMatchObject({ stdout: '' });
  });
});

interface Step {
  name?: string;
  uses?: string;
  run?: string;
}

describe(`github-action/review.yml${skipped}`, async () => {
  const file = join(examplesFolder, 'github-action/review.yml');
  const { permissions, jobs } = parse(await readFile(file, 'utf8'));
  const steps: Step[] = jobs.review.steps;
  const scriptOf = (name: string) => steps.find((step) => step.name === name)?.run ?? '';

  test('pins its actions, asks for few rights, and keeps what a stranger writes out of its scripts', () => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    expect([permissions, jobs.review.permissions]).toEqual([
      { contents: 'read' },
      { contents: 'read', 'pull-requests': 'write' },
    ]);
    for (const step of steps) expect(step.run ?? '').not.toContain('${{');
  });

  test.skipIf(skipped)('its steps download the model, review the diff and comment', async () => {
    await using server = await startScripted({ models: [scriptedModel({ name: 'qwen2.5-coder:3b' })] });
    await using folder = await repository();
    const base = folder.git('rev-parse', 'HEAD');
    folder.git('commit', '--quiet', '--all', '--message', 'Second');
    await using bin = await tempFolder();
    // The command of GitHub, which is on every runner and not here: it keeps what it was given.
    await bin.write('gh', `#!/bin/sh\necho "$@" >"${bin.path}/called"\n`);
    await run('chmod', ['+x', join(bin.path, 'gh')]);
    const { PATH } = userEnvironment({ host: '' });
    const env = {
      PATH: `${bin.path}:${PATH}`,
      MODEL: jobs.review.env.MODEL,
      BASE: base,
      NUMBER: '7',
      GITHUB_STEP_SUMMARY: join(bin.path, 'summary.md'),
    };
    server.generate({ text: 'sum.js:1 subtracts.' });
    for (const name of ['Download the model', 'Review the diff', 'Comment']) {
      // As a runner does it.
      const args = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', scriptOf(name)];
      await using step = startCommand('bash', args, { host: server.host, cwd: folder.path, env });
      expect([name, await step.ended, step.stderr()]).toEqual([name, 0, '']);
    }
    expect(server.requestsTo('/api/pull')[0]!.body).toMatchObject({ model: 'qwen2.5-coder:3b' });
    expect(promptOf(server)).toContain('+export const sum = (a, b) => a - b;');
    expect(await readFile(env.GITHUB_STEP_SUMMARY, 'utf8')).toBe('sum.js:1 subtracts.\n');
    expect(await readFile(join(bin.path, 'called'), 'utf8')).toBe('pr comment 7 --body-file review.md\n');
  });
});
