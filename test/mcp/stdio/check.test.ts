/** `--check` and `--print-config`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faults, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { hosts } from '../../../packages/mcp-server/src/cli/agent-hosts.ts';
import { nowhere } from '../../fixtures/mcp/connect.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';

describe('--check', () => {
  test('finds no problems if there are none', async () => {
    await using server = await startScripted();
    const args = ['--check', '--host', server.host, '--model', 'chat-model', '--embed-model', 'embedding-model'];
    const { code, stdout, stderr } = await runCli(args);
    expect(stdout).toContain(`answers at ${server.host}`);
    expect(stdout).toContain('Default model: chat-model.');
    expect(stdout).not.toMatch(/problem|note/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('says which address does not answer, and what to do', async () => {
    const { code, stdout } = await runCli(['--check', '--host', nowhere]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem {2}Ollama at http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
    expect(stdout).toContain('ollama serve');
  });

  test.each([
    ['--model', 'chat-modle', 'Installed: chat-model'],
    ['--model', 'embedding-model', 'cannot do this'],
    ['--embed-model', 'chat-model', 'capability embedding'],
  ])('%s %s is a problem', async (flag, name, text) => {
    await using server = await startScripted();
    const { code, stdout } = await runCli(['--check', '--host', server.host, flag, name]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem/m);
    expect(stdout).toContain(text);
  });

  test('an empty server is a problem, and so is another kind of server', async () => {
    await using empty = await startScripted({ models: [] });
    const bare = await runCli(['--check'], { env: { OLLAMA_HOST: empty.host } });
    expect(bare).toMatchObject({ code: 1, stdout: expect.stringContaining('ollama pull') });
    await using other = await startScripted({ models: [scriptedModel({ name: 'm' })] });
    other.on('*', faults.htmlOk());
    expect(await runCli(['--check'], { env: { OLLAMA_HOST: other.host } })).toMatchObject({ code: 1 });
  });

  test('a key is named but never shown', async () => {
    await using server = await startScripted();
    const { code, stdout, stderr } = await runCli(['--check'], {
      env: { OLLAMA_HOST: server.host, OLLAMA_API_KEY: 'very-secret' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain('OLLAMA_API_KEY is sent to this server.');
    expect(stdout + stderr).not.toContain('very-secret');
  });

  test('every allowed path must be a folder', async () => {
    await using server = await startScripted();
    const folder = await mkdtemp(join(tmpdir(), 'ollama-toolbelt-check-'));
    try {
      const file = join(folder, 'a.txt');
      await writeFile(file, '');
      const check = ['--check', '--host', server.host, '--cache-mb', '0'];
      const allow = (path: string) => runCli([...check, '--allow-dir', path]);
      expect(await allow(folder)).toMatchObject({ code: 0 });
      expect(await allow(file)).toMatchObject({ code: 1, stdout: expect.stringContaining('is not a folder') });
      expect(await allow(join(folder, 'gone'))).toMatchObject({ code: 1, stdout: expect.stringContaining('ENOENT') });
      const write = (path: string) => runCli([...check, '--allow-dir', folder, '--allow-write', path]);
      expect(await write(folder)).toMatchObject({ code: 0, stdout: expect.stringContaining(`written to ${folder}.`) });
      expect(await write('/proc/self')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('cannot be written to'),
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('--print-config', () => {
  test.each(hosts)('%s starts the published package with the settings given', async (host) => {
    const env = { OLLAMA_HOST: 'box:1' };
    const { code, stdout, stderr } = await runCli(['--print-config', host, '--model', 'm', '--verbose'], { env });
    expect(code).toBe(0);
    for (const word of ['ollama', 'OLLAMA_HOST', 'box:1', '--model', '--verbose']) expect(stdout).toContain(word);
    expect(stdout).toMatch(/@ollama-toolbelt\/mcp-server|ollama-toolbelt-mcp/);
    if (!stdout.includes('@ollama-toolbelt')) expect(stderr).toContain('npm install --global @ollama-toolbelt');
    expect(stderr).toMatch(/this/);
  });

  test('a key is left out, with a note', async () => {
    const { stdout, stderr } = await runCli(['--print-config', 'vscode'], { env: { OLLAMA_API_KEY: 'very-secret' } });
    expect(stdout + stderr).not.toContain('very-secret');
    expect(stderr).toContain('OLLAMA_API_KEY is left out');
  });

  test('the error for an unknown host names the known ones', async () => {
    const ended = await runCli(['--print-config', 'emacs']);
    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('claude-desktop, claude-code'),
    });
  });
});
