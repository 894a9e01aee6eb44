/** `setup` on simulated machines (folders): finding, showing, asking, writing and removing. */

import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SetupCommand } from '../../../packages/mcp-server/src/cli/command-line.ts';
import { findFiles, type Machine } from '../../../packages/mcp-server/src/cli/setup/find-files.ts';
import { setup } from '../../../packages/mcp-server/src/cli/setup/setup.ts';
import { type Folder, folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';

const cursor = '{\n  "mcpServers": {\n    "docs": { "command": "docs", "env": { "DOCS_API_KEY": "sesame" } }\n  }\n}\n';
const codex =
  '# mine\nmodel = "x"\n\n[mcp_servers.docs]\ncommand = "docs"\n\n[projects."/home/me"]\ntrust_level = "trusted"\n';

/** Every file below a folder, with its content. */
async function contentOf({ path }: Folder): Promise<Record<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file.slice(path.length + 1), await readFile(file, 'utf8')])),
  );
}

const run = ({ path }: Folder, args: readonly string[], more: { env?: Record<string, string>; stdin?: string } = {}) =>
  runCli(['setup', ...args], { stdin: more.stdin ?? '', env: { HOME: path, PATH: join(path, 'bin'), ...more.env } });

describe('on this machine', () => {
  test('it shows the changes, asks, writes after a yes, and keeps a backup next to the file', async () => {
    using home = await folderWith({ '.cursor/mcp.json': cursor, '.codex/config.toml': codex });
    const { code, stdout, stderr } = await run(home, ['--model', 'llama3.2'], {
      stdin: 'y\n',
      env: { OLLAMA_HOST: 'http://10.0.0.5:11434', OLLAMA_API_KEY: 'very-secret' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`Cursor: ${home.path}/.cursor/mcp.json\n  line 3:\n`);
    expect(stdout).toContain('  +     "ollama": {\n');
    expect(stdout).toContain('Write these 2 files? (y/N) ');
    expect(stdout).toContain('Restart Cursor, Codex to use the tools');
    expect(stderr).toContain('OLLAMA_API_KEY is left out');
    const files = await contentOf(home);
    const { mcpServers } = JSON.parse(files['.cursor/mcp.json'] ?? '') as { mcpServers: Record<string, object> };
    expect(mcpServers['ollama']).toEqual({
      command: 'npx',
      args: ['-y', '@ollama-toolbelt/mcp-server', '--model', 'llama3.2'],
      env: { OLLAMA_HOST: 'http://10.0.0.5:11434' },
    });
    expect(files['.codex/config.toml']).toContain(codex.trimEnd());
    expect(files['.codex/config.toml']).toContain('[mcp_servers.ollama]\ncommand = "npx"');
    // Codex only waits for npx with this.
    expect(files['.codex/config.toml']).toContain('required = true');
    expect(files['.cursor/mcp.json.before-ollama-toolbelt']).toBe(cursor);
    expect(files['.codex/config.toml.before-ollama-toolbelt']).toBe(codex);
    expect(stdout + stderr + JSON.stringify(files)).not.toContain('very-secret');
    expect(stdout + stderr).not.toContain('sesame');
  });

  test.each([
    ['no', 'n\n'],
    ['nothing', ''],
  ])('after %s nothing is written', async (_, stdin) => {
    using home = await folderWith({ '.cursor/mcp.json': cursor });
    const { code, stdout } = await run(home, [], { stdin });
    expect([code, stdout]).toEqual([1, expect.stringMatching(/Write this file\? \(y\/N\) Nothing was written\.\n$/)]);
    expect(await contentOf(home)).toEqual({ '.cursor/mcp.json': cursor });
  });

  test('--dry-run asks nothing and writes nothing', async () => {
    using home = await folderWith({ '.cursor/mcp.json': cursor });
    const { code, stdout } = await run(home, ['--dry-run', '--yes']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/"ollama": \{[\s\S]*\nNothing was written\.\n$/)]);
    expect(stdout).not.toContain('(y/N)');
    expect(await contentOf(home)).toEqual({ '.cursor/mcp.json': cursor });
  });

  test('--remove restores every file exactly, and deletes those that did not exist before', async () => {
    const before = {
      '.cursor/mcp.json': cursor,
      '.codex/config.toml': codex,
      '.qwen/other': '',
      '.continue/config.yaml': 'name: x # mine\nmcpServers: []\n',
      '.config/zed/settings.json': '// mine\n{ "vim_mode": true, }\n',
      '.gemini/settings.json': '{}',
    };
    using home = await folderWith(before);
    expect((await run(home, ['--yes'])).code).toBe(0);
    expect(Object.keys(await contentOf(home))).toContain('.qwen/settings.json');
    // With other settings, the backups stay next to the files.
    expect((await run(home, ['--yes', '--verbose'])).code).toBe(0);
    const files = await contentOf(home);
    expect(files['.cursor/mcp.json']).toContain('--verbose');
    expect(files['.cursor/mcp.json.before-ollama-toolbelt']).toBe(cursor);
    const { code, stdout } = await run(home, ['--remove', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('.qwen/settings.json\n  is removed, since it did not exist before');
    expect(await contentOf(home)).toEqual(before);
    expect((await run(home, ['--remove', '--yes'])).stdout).toContain('has no entry for this server');
  });

  test('--remove also takes out an entry that was there before setup changed it', async () => {
    const rest = { docs: { command: 'docs' } };
    const own = { command: 'npx', args: ['-y', '@ollama-toolbelt/mcp-server'] };
    using home = await folderWith({ '.cursor/mcp.json': JSON.stringify({ mcpServers: { ...rest, ollama: own } }) });
    await run(home, ['--yes', '--verbose']);
    await run(home, ['--remove', '--yes']);
    const files = await contentOf(home);
    expect(JSON.parse(files['.cursor/mcp.json'] ?? '')).toEqual({ mcpServers: rest });
    expect(files['.cursor/mcp.json.before-ollama-toolbelt']).toContain('--verbose');
  });

  test('--remove keeps other changes made meanwhile', async () => {
    using home = await folderWith({ '.cursor/mcp.json': cursor });
    await run(home, ['--yes']);
    const file = join(home.path, '.cursor/mcp.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"docs": {', '"more": {},\n    "docs": {'));
    await run(home, ['--remove', '--yes']);
    expect(await readFile(file, 'utf8')).toBe(cursor.replace('"docs": {', '"more": {},\n    "docs": {'));
  });

  test('the second run has nothing to do', async () => {
    using home = await folderWith({ '.cursor/mcp.json': cursor, '.codex/config.toml': '' });
    await run(home, ['--yes', '--verbose']);
    const before = await contentOf(home);
    const { code, stdout } = await run(home, ['--verbose']);
    expect([code, stdout.match(/is set up already/g)?.length]).toEqual([0, 2]);
    expect(await contentOf(home)).toEqual(before);
  });

  test('additions by a person to the entry stay, and new settings replace the old ones', async () => {
    using home = await folderWith({ '.cursor/mcp.json': '{}' });
    await run(home, ['--yes', '--verbose'], { env: { OLLAMA_HOST: 'http://old' } });
    const file = join(home.path, '.cursor/mcp.json');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('"env": {', '"disabled": false,\n      "env": {\n        "OLLAMA_API_KEY": "mine",'),
    );
    await run(home, ['--yes'], { env: { OLLAMA_MCP_MODEL: 'llama3.2' } });
    const { mcpServers } = JSON.parse(await readFile(file, 'utf8')) as { mcpServers: { ollama: object } };
    expect(mcpServers.ollama).toEqual({
      command: 'npx',
      args: ['-y', '@ollama-toolbelt/mcp-server'],
      env: { OLLAMA_API_KEY: 'mine', OLLAMA_MCP_MODEL: 'llama3.2' },
      disabled: false,
    });
  });

  test('an entry of another server with the same name is not changed', async () => {
    const other = '{ "mcpServers": { "ollama": { "command": "npx", "args": ["ollama-mcp"] } } }';
    using home = await folderWith({ '.cursor/mcp.json': other });
    const { code, stderr } = await run(home, ['--yes']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('"ollama" starts a different server: rename or remove it'),
    ]);
    expect((await run(home, ['--remove', '--yes'])).stdout).toContain('has no entry for this server');
    expect(await contentOf(home)).toEqual({ '.cursor/mcp.json': other });
  });

  test('a second entry is not added if the server has another name', async () => {
    const args = ['-y', '@ollama-toolbelt/mcp-server', '--host', 'gpu'];
    const json = JSON.stringify({ mcpServers: { gpu: { command: 'npx', args } } });
    const yaml = `name: Local\nversion: 1.0.0\nmcpServers:\n  - name: gpu\n    command: npx\n    args: ${JSON.stringify(args)}\n`;
    // Another server may lie in a folder of the same name.
    const other = JSON.stringify({ mcpServers: { x: { command: 'node', args: ['/x/mcp-server/dist/cli.js'] } } });
    using home = await folderWith({
      '.cursor/mcp.json': json,
      '.continue/config.yaml': yaml,
      '.gemini/settings.json': other,
    });
    const { code, stderr } = await run(home, ['--yes']);
    expect(code).toBe(1);
    expect(
      stderr.match(/has this server under the name "gpu": change that entry, or rename it to "ollama"/g),
    ).toHaveLength(2);
    const texts = ['.cursor/mcp.json', '.continue/config.yaml'].map((path) => readFile(join(home.path, path), 'utf8'));
    expect(await Promise.all(texts)).toEqual([json, yaml]);
    expect(await readFile(join(home.path, '.gemini/settings.json'), 'utf8')).toContain('"ollama"');
  });

  test('an invalid file is reported with its line and not changed, and the others are written', async () => {
    const broken = '{\n  "mcpServers": {\n';
    const bytes = new Uint8Array([0x7b, 0xff, 0x7d]);
    using home = await folderWith({
      '.cursor/mcp.json': broken,
      '.codex/config.toml': 'a = [\n',
      '.gemini/settings.json': bytes,
      '.qwen/settings.json': '{}',
    });
    const { code, stderr } = await run(home, ['--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain(`Cursor: ${home.path}/.cursor/mcp.json is not valid JSON: line 3: `);
    expect(stderr).toContain(`Codex: ${home.path}/.codex/config.toml is not valid TOML: line 2: `);
    expect(stderr).toContain(`Gemini CLI: ${home.path}/.gemini/settings.json is not text in UTF-8.`);
    const files = await contentOf(home);
    expect(files['.cursor/mcp.json']).toBe(broken);
    expect(files['.qwen/settings.json']).toContain('"ollama"');
  });

  test('a folder that is not writable gives an error', async () => {
    using home = await folderWith({
      '.cursor/mcp.json': cursor,
      '.cursor/mcp.json.before-ollama-toolbelt/in-the-way': '',
    });
    const { code, stderr } = await run(home, ['--yes']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/mcp\.json cannot be written \(E\w+\)\./)]);
    expect((await contentOf(home))['.cursor/mcp.json']).toBe(cursor);
    expect(Object.keys(await contentOf(home)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('links and permissions are kept', async () => {
    using home = await folderWith({ 'dotfiles/cursor.json': cursor, '.cursor/other': '' });
    await symlink('../dotfiles/cursor.json', join(home.path, '.cursor/mcp.json'));
    await chmod(join(home.path, 'dotfiles/cursor.json'), 0o600);
    await run(home, ['--yes']);
    expect((await lstat(join(home.path, '.cursor/mcp.json'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(home.path, 'dotfiles/cursor.json'), 'utf8')).toContain('"ollama"');
    const modes = ['dotfiles/cursor.json', '.cursor/mcp.json.before-ollama-toolbelt'].map((name) =>
      stat(join(home.path, name)),
    );
    expect((await Promise.all(modes)).map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test('a link to a file that does not exist yet stays a link', async () => {
    using home = await folderWith({ 'dotfiles/other': '', '.cursor/other': '' });
    const link = join(home.path, '.cursor/mcp.json');
    await symlink('../dotfiles/more/cursor.json', link);
    await run(home, ['--yes']);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(home.path, 'dotfiles/more/cursor.json'), 'utf8')).toContain('"ollama"');
    await run(home, ['--remove', '--yes']);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    await expect(readFile(link)).rejects.toThrow('ENOENT');
  });

  test.each(['--dry-run', '--yes'])('a read-only file is reported and not changed, with %s', async (flag) => {
    using home = await folderWith({ '.cursor/mcp.json': cursor, '.qwen/settings.json': '{}' });
    await chmod(join(home.path, '.cursor/mcp.json'), 0o444);
    const { code, stderr } = await run(home, [flag]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('mcp.json is read-only. It was left unchanged.')]);
    const files = await contentOf(home);
    expect(files['.cursor/mcp.json']).toBe(cursor);
    expect(files['.qwen/settings.json']?.includes('"ollama"')).toBe(flag === '--yes');
  });

  test('hosts can be named; a missing one is reported', async () => {
    using home = await folderWith({ '.cursor/mcp.json': cursor, '.qwen/settings.json': '{}' });
    await run(home, ['qwen-code', '--yes']);
    expect((await contentOf(home))['.cursor/mcp.json']).toBe(cursor);
    const missing = await run(home, ['zed', '--yes']);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('Zed was not found on this machine')]);
    expect((await run(home, ['emacs'])).stderr).toContain('Unknown host emacs. There are: claude-desktop');
  });

  test('if there is no host at all, it says what to do', async () => {
    using home = await folderWith({});
    const { code, stderr } = await run(home, ['--yes']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--print-config prints the lines')]);
  });

  test('its flags need the command, and bad settings are reported first', async () => {
    for (const flag of ['--remove', '--dry-run', '--yes']) {
      expect(await runCli([flag])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`${flag} goes with setup.`),
      });
    }
    expect(await runCli(['setup', '--host', 'ftp://x'])).toMatchObject({ code: 2 });
  });

  test('Ctrl-C at the question writes nothing', async () => {
    using home = await folderWith({ '.cursor/mcp.json': cursor });
    const ended = runCli(['setup'], {
      env: { HOME: home.path },
      keepsStdin: true,
      onStart(child) {
        child.stdout.on('data', (data: Buffer) => {
          if (data.includes('(y/N)')) child.kill('SIGINT');
        });
      },
    });
    expect(await ended).toMatchObject({ code: 130 });
    expect(await contentOf(home)).toEqual({ '.cursor/mcp.json': cursor });
  });
});

describe('hosts that do not wait for npx', () => {
  const programs = (exit: number) => ({
    'bin/npm': `#!/bin/sh\necho "$@" > "$HOME/npm-ran"\necho gone >&2\nexit ${exit}\n`,
  });

  async function machineWith(files: Record<string, string>) {
    const home = await folderWith(files);
    for (const name of Object.keys(files).filter((one) => one.startsWith('bin/')))
      await chmod(join(home.path, name), 0o755);
    return home;
  }

  test('Cline starts the installed command, which is installed after the same yes', async () => {
    using home = await machineWith({ '.cline/data/x': '', ...programs(0) });
    const shown = await run(home, ['--dry-run']);
    expect(shown.stdout).toContain('Run this first: npm install --global @ollama-toolbelt/mcp-server\n');
    const { code } = await run(home, ['--yes']);
    const files = await contentOf(home);
    expect([code, files['npm-ran']]).toEqual([0, 'install --global @ollama-toolbelt/mcp-server\n']);
    expect(files['.cline/data/settings/cline_mcp_settings.json']).toContain('"command": "ollama-toolbelt-mcp"');
  });

  test('if npm fails, its file is not changed, and the others are written', async () => {
    using home = await machineWith({ '.cline/data/x': '', '.qwen/settings.json': '{}', ...programs(7) });
    const { code, stderr } = await run(home, ['--yes']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('npm failed: gone')]);
    expect(stderr).toContain('since the command is not installed');
    const files = await contentOf(home);
    expect(files['.cline/data/settings/cline_mcp_settings.json']).toBeUndefined();
    expect(files['.qwen/settings.json']).toContain('"ollama"');
  });

  test('if the command is installed, both start it', async () => {
    using home = await machineWith({ '.cline/data/x': '', '.codex/config.toml': '', 'bin/ollama-toolbelt-mcp': '' });
    expect((await run(home, ['--yes'])).stdout).not.toContain('npm');
    const files = await contentOf(home);
    expect(files['.codex/config.toml']).toContain('command = "ollama-toolbelt-mcp"');
    expect(files['.codex/config.toml']).not.toContain('required');
  });
});

describe('on other machines', () => {
  const silent = { print: () => {}, say: () => {}, status: () => {}, stdoutIsSeen: false, stderrIsSeen: false };
  const setupCommand: SetupCommand = {
    run: 'setup',
    hosts: undefined,
    remove: false,
    dryRun: false,
    yes: true,
    settings: { flags: [], env: {}, secrets: [] },
    unfilled: [],
    ownVariables: [],
  };
  const machine = (platform: NodeJS.Platform, { path }: Folder, env = {}): Machine => ({
    platform,
    home: path,
    here: join(path, 'project'),
    env: { PATH: join(path, 'bin'), ...env },
  });

  const mac = 'Library/Application Support';
  const windows = 'AppData/Roaming';
  test.each<[NodeJS.Platform, readonly string[]]>([
    [
      'darwin',
      [
        `${mac}/Claude/claude_desktop_config.json`,
        '.claude.json',
        `${mac}/Code/User/mcp.json`,
        `${mac}/Code - Insiders/User/mcp.json`,
        '.cursor/mcp.json',
        '.codeium/windsurf/mcp_config.json',
        '.config/zed/settings.json',
        `${mac}/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json`,
        '.codex/config.toml',
        '.gemini/settings.json',
        '.qwen/settings.json',
        '.config/opencode/opencode.jsonc',
        '.continue/config.yaml',
        'project/fastagent.config.yaml',
      ],
    ],
    [
      'win32',
      [
        `${windows}/Claude/claude_desktop_config.json`,
        '.claude.json',
        `${windows}/Code/User/mcp.json`,
        `${windows}/Zed/settings.json`,
        '.codex/config.toml',
        '.config/opencode/opencode.json',
        '.continue/config.yaml',
      ],
    ],
    [
      'linux',
      ['.config/Claude/claude_desktop_config.json', '.config/VSCodium/User/mcp.json', '.config/zed/settings.json'],
    ],
  ])('%s: the files of hosts are found, written and restored', async (platform, names) => {
    using home = await folderWith(
      Object.fromEntries(
        [...names, 'bin/ollama-toolbelt-mcp', 'bin/ollama-toolbelt-mcp.cmd'].map((name) => [name, '']),
      ),
    );
    const before = await contentOf(home);
    const here = machine(platform, home);
    const found = await findFiles(here);
    expect(found.map(({ path }) => path.slice(home.path.length + 1)).sort()).toEqual([...names].sort());
    const { signal } = new AbortController();
    expect(await setup(setupCommand, silent, signal, here)).toBe(0);
    const files = await contentOf(home);
    const command = platform === 'win32' ? /\bcmd\b[\s\S]*\/c/ : /npx|ollama-toolbelt-mcp/;
    for (const name of names) expect(files[name], name).toMatch(command);
    expect(await setup({ ...setupCommand, remove: true }, silent, signal, here)).toBe(0);
    expect(await contentOf(home)).toEqual(before);
  });

  test.each([
    ['XDG_CONFIG_HOME', 'xdg', 'xdg/zed/settings.json', 'linux'],
    ['CODEX_HOME', 'own', 'own/config.toml', 'linux'],
    ['CLAUDE_CONFIG_DIR', 'own', 'own/.claude.json', 'darwin'],
    ['APPDATA', 'roam', 'roam/Claude/claude_desktop_config.json', 'win32'],
  ] as const)('%s is kept to', async (name, value, file, platform) => {
    using home = await folderWith({ [file]: '' });
    const found = await findFiles(machine(platform, home, { [name]: join(home.path, value) }));
    expect(found.map(({ path }) => path)).toEqual([join(home.path, file)]);
  });

  test('Continue is only set up in an existing file: a new one without a name would be invalid', async () => {
    using home = await folderWith({ '.continue/config.json': '{}' });
    expect(await findFiles(machine('linux', home))).toEqual([]);
  });

  test('an empty folder of a host is enough', async () => {
    using home = await folderWith({});
    await mkdir(join(home.path, '.cursor'));
    await mkdir(join(home.path, '.claude'));
    expect((await findFiles(machine('linux', home))).map(({ host }) => host)).toEqual(['claude-code', 'cursor']);
  });
});
