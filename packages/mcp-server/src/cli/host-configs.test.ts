import { expect, test } from 'vitest';
import { hostConfig, hosts } from './host-configs.ts';

const launch = { command: 'npx', args: ['-y', 'server'], env: { OLLAMA_HOST: 'http://box:11434' } };
/** What stands at the top of the file of each host, where it is not `mcpServers`. */
const topKeys: Partial<Record<(typeof hosts)[number], string>> = { vscode: 'servers', zed: 'context_servers' };

test('hosts with a file get JSON that starts the server', () => {
  for (const host of hosts.filter((name) => name !== 'claude-code' && name !== 'codex')) {
    const { language, text } = hostConfig(host, launch);
    expect(language).toBe('json');
    const config = JSON.parse(text) as Record<string, { ollama: object }>;
    expect(config[topKeys[host] ?? 'mcpServers']?.ollama, host).toMatchObject(launch);
  }
});

test('the entry has no env where there is none', () => {
  expect(hostConfig('cursor', { command: 'npx', args: [] }).text).not.toContain('env');
});

test('hosts with a command get one that a shell reads as meant', () => {
  expect(hostConfig('claude-code', launch).text).toBe(
    'claude mcp add --env OLLAMA_HOST=http://box:11434 --transport stdio ollama -- npx -y server',
  );
  expect(hostConfig('codex', launch).text).toBe(
    'codex mcp add ollama --env OLLAMA_HOST=http://box:11434 -- npx -y server',
  );
  const odd = { command: 'node', args: ["/my path/it's.js"] };
  expect(hostConfig('claude-code', odd).text).toBe(
    "claude mcp add --transport stdio ollama -- node '/my path/it'\\''s.js'",
  );
});

test('on Windows the command is one that cmd and PowerShell read as meant', () => {
  const odd = {
    command: 'cmd',
    args: ['/c', 'npx', '-y', '@scope/server', '--tools', 'a,b', '--allow-dir', 'C:\\My files\\'],
  };
  expect(hostConfig('codex', odd, 'windows').text).toBe(
    'codex mcp add ollama -- cmd /c npx -y "@scope/server" --tools "a,b" --allow-dir "C:\\My files\\\\"',
  );
  const quoted = { command: 'C:\\node.exe', args: ['say "x"', ''] };
  expect(hostConfig('claude-code', quoted, 'windows').text).toBe(
    'claude mcp add --transport stdio ollama -- C:\\node.exe "say \\"x\\"" ""',
  );
});
