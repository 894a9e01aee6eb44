import { describe, expect, test } from 'vitest';
import { hosts } from './agent-hosts.ts';
import { hostConfig } from './host-configs.ts';
import { launchByNpx, launchInstalled } from './launch.ts';

const env = { OLLAMA_HOST: 'http://box:11434' };
const flags = ['--verbose'];
const npx = { command: 'npx', args: ['-y', '@ollama-toolbelt/mcp-server', '--verbose'], env };
const installed = { command: 'ollama-toolbelt-mcp', args: ['--verbose'], env };

/** What stands at the top of the file of each host, if it is not `mcpServers`. */
const topKeys: Partial<Record<(typeof hosts)[number], string>> = { vscode: 'servers', zed: 'context_servers' };

test('most hosts with a file get JSON that starts the server', () => {
  for (const host of hosts) {
    const { language, text } = hostConfig(host, { flags, env });
    if (language !== 'json' || host === 'opencode') continue;
    const config = JSON.parse(text) as Record<string, { ollama: object }>;
    expect(config[topKeys[host] ?? 'mcpServers']?.ollama, host).toMatchObject(host === 'cline' ? installed : npx);
  }
});

test('opencode gets the command as one list', () => {
  const { mcp } = JSON.parse(hostConfig('opencode', { flags, env }).text) as { mcp: object };
  expect(mcp).toEqual({
    ollama: { type: 'local', command: ['npx', '-y', '@ollama-toolbelt/mcp-server', '--verbose'], environment: env },
  });
});

test('Continue and fast-agent get YAML', () => {
  expect(hostConfig('continue', { flags, env }).text).toBe(
    [
      'mcpServers:',
      '  - name: ollama',
      '    command: npx',
      '    args:',
      '      - "-y"',
      '      - "@ollama-toolbelt/mcp-server"',
      '      - "--verbose"',
      '    env:',
      '      OLLAMA_HOST: "http://box:11434"',
    ].join('\n'),
  );
  expect(hostConfig('fast-agent').text).toContain('mcp:\n  servers:\n    ollama:\n      command: npx\n');
});

test('the entry has no env if there is none', () => {
  expect(hostConfig('cursor').text).not.toContain('env');
});

test('hosts with a command get one that a shell reads as meant', () => {
  expect(hostConfig('claude-code', { flags, env }).text).toBe(
    'claude mcp add --env OLLAMA_HOST=http://box:11434 --scope user --transport stdio ollama -- npx -y @ollama-toolbelt/mcp-server --verbose',
  );
  expect(hostConfig('codex', { flags, env }).text).toBe(
    'codex mcp add ollama --env OLLAMA_HOST=http://box:11434 -- ollama-toolbelt-mcp --verbose',
  );
  expect(hostConfig('claude-code', { flags: ['--allow-dir', "/my path/it's"] }).text).toMatch(
    / --allow-dir '\/my path\/it'\\''s'$/,
  );
});

test('hosts that do not wait for npx say what to install first', () => {
  const first = hosts.filter((host) => hostConfig(host).install !== undefined);
  expect(first).toEqual(['cline', 'codex']);
});

describe('on Windows', () => {
  test('the commands go through cmd', () => {
    const platform = 'win32';
    expect(launchByNpx({ platform, flags })).toEqual({
      command: 'cmd',
      args: ['/c', 'npx', '-y', '@ollama-toolbelt/mcp-server', '--verbose'],
    });
    expect(launchInstalled({ platform })).toEqual({ command: 'cmd', args: ['/c', 'ollama-toolbelt-mcp'] });
    expect(launchByNpx({ platform: 'darwin' }).command).toBe('npx');
  });
  test('a command is one that cmd and PowerShell read as meant', () => {
    const odd = ['--tools', 'a,b', '--allow-dir', 'C:\\My files\\', '--model', 'say "x"', ''];
    expect(hostConfig('claude-code', { platform: 'win32', flags: odd }).text).toBe(
      'claude mcp add --scope user --transport stdio ollama -- cmd /c npx -y "@ollama-toolbelt/mcp-server" --tools "a,b" --allow-dir "C:\\My files\\\\" --model "say \\"x\\"" ""',
    );
  });
});
