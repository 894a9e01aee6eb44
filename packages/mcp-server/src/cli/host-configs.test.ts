import { describe, expect, test } from 'vitest';
import { hosts } from './agent-hosts.ts';
import { hostConfig } from './host-configs.ts';
import { launchByNpx, launchInstalled } from './launch.ts';

const env = { OLLAMA_HOST: 'http://box:11434' };
const flags = ['--verbose'];
const npx = { command: 'npx', args: ['-y', '@ollama-toolbelt/mcp-server', '--verbose'], env };
const installed = { command: 'ollama-toolbelt-mcp', args: ['--verbose'], env };

/** The top-level key of each host's file, if it is not `mcpServers`. */
const topKeys: Partial<Record<(typeof hosts)[number], string>> = { vscode: 'servers', zed: 'context_servers' };

test('the JSON for most hosts starts the server', () => {
  for (const host of hosts) {
    const { language, text } = hostConfig(host, { flags, env });
    if (language !== 'json' || host === 'opencode') continue;
    const config = JSON.parse(text) as Record<string, { ollama: object }>;
    expect(config[topKeys[host] ?? 'mcpServers']?.ollama, host).toMatchObject(host === 'cline' ? installed : npx);
  }
});

test('the command for opencode is one list', () => {
  const { mcp } = JSON.parse(hostConfig('opencode', { flags, env }).text) as { mcp: object };
  expect(mcp).toEqual({
    ollama: { type: 'local', command: ['npx', '-y', '@ollama-toolbelt/mcp-server', '--verbose'], environment: env },
  });
});

test('the settings for Continue and fast-agent are YAML', () => {
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

test('the entry has no env if no variables are set', () => {
  expect(hostConfig('cursor').text).not.toContain('env');
});

test('a shell parses the commands for hosts correctly', () => {
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

test('for hosts that do not wait for npx, it says what to install first', () => {
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
  test('cmd and PowerShell parse the commands correctly', () => {
    const odd = ['--tools', 'a,b', '--allow-dir', 'C:\\My files\\', '--model', 'say "x"', ''];
    expect(hostConfig('claude-code', { platform: 'win32', flags: odd }).text).toBe(
      'claude mcp add --scope user --transport stdio ollama -- cmd /c npx -y "@ollama-toolbelt/mcp-server" --tools "a,b" --allow-dir "C:\\My files\\\\" --model "say \\"x\\"" ""',
    );
  });
});
