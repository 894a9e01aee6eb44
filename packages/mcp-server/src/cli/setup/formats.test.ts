/** Adds the entry to realistic settings and removes it again. The rest of the text must not change. */
import { describe, expect, test } from 'vitest';
import { type AgentHost, agentHosts } from '../agent-hosts.ts';
import { entryPlace } from './entry-place.ts';
import { parsed, put, taken } from './whole-text.ts';

const entry = { command: 'npx', args: ['-y', 'x'], env: { OLLAMA_HOST: 'http://10.0.0.5:11434' } };
const entryFor = (host: AgentHost) => (host === 'continue' ? { name: 'ollama', ...entry } : entry);

/** The lines of the first text that are missing in the second. */
const lost = (before: string, after: string) => before.split('\n').filter((line) => !after.split('\n').includes(line));

const zed = `// Zed settings
{
  "theme": "One Dark", // dark
  /* the languages */
  "languages": {
    "TypeScript": { "tab_size": 2, },
  },
}
`;

const claude = `{
    "globalShortcut": "",
    "mcpServers": {
        "files": {
            "command": "npx",
            "args": ["-y", "files-mcp", "/home/me"]
        }
    }
}`;

const vscode = `{
\t"inputs": [
\t\t// asked for once
\t\t{ "id": "key", "type": "promptString", "password": true }
\t],
\t"servers": {
\t\t"github": { "type": "http", "url": "https://example.com/mcp" }, // remote
\t}
}
`;

const codex = `# my settings
model = "gpt-5"   # the model
notify = ["python3", "/home/me/notify.py"]
note = """
[mcp_servers.ollama]
is only a text here"""
since = 2026-11-01T08:00:00Z

[mcp_servers.docs]   # docs
command = "npx"
args = [
  "-y",   # yes
  "docs-mcp",
]

[mcp_servers.docs.env]
LANG = 'en'

# what I trust
[projects."/home/me/x"]
trust_level = "trusted"
`;

const continues = `# Continue
name: Local
version: 1.0.0
models:
  - name: Llama   # local
    roles:
    - chat
    - edit
    prompt: |
      Be short.

mcpServers:
- name: docs
  command: npx
  args: ["-y", "docs-mcp"]   # docs
# the end
context:
  - provider: code
`;

const fastAgent = `# fast-agent
default_model: generic.llama3.2
mcp:
    servers:
        fetch:
            command: "uvx"
            args: ["mcp-server-fetch"]

logger:
    type: none
`;

test.each<[AgentHost, string, string]>([
  ['zed', 'comments and commas at the end', zed],
  ['claude-desktop', 'four spaces, another server, no line end at the end', claude],
  ['vscode', 'tabs and comments', vscode],
  ['cursor', 'line ends of Windows', claude.replaceAll('\n', '\r\n')],
  ['cursor', 'a mark at the beginning', `\ufeff${claude}`],
  ['claude-code', 'one line', '{"numStartups":3,"mcpServers":{"x":{"command":"x"}},"projects":{}}'],
  ['gemini-cli', 'no servers yet', '{\n  "security": {\n    "auth": { "selectedType": "oauth" }\n  }\n}\n'],
  ['codex', 'other servers, comments, a text that looks like a table, a date', codex],
  ['codex', 'line ends of Windows', codex.replaceAll('\n', '\r\n')],
  ['codex', 'a table above them all', '[mcp_servers]\n\n[mcp_servers.a]\ncommand = "a"\n'],
  ['codex', 'another server in dotted keys', 'mcp_servers.a.command = "a"\n'],
  ['codex', 'no servers yet', 'model = "x"\n'],
  ['continue', 'another server, dashes without indent, a block text', continues],
  ['continue', 'line ends of Windows', continues.replaceAll('\n', '\r\n')],
  ['continue', 'no servers yet', 'name: Local\nversion: 1.0.0\nmodels: []\n'],
  ['fast-agent', 'another server', fastAgent],
  ['fast-agent', 'no servers yet', 'default_model: x\nmcp:\n  targets: []\n'],
])('%s: %s', (host, _, before) => {
  const { path } = entryPlace(parsed(host, before), agentHosts[host]);
  const after = put(host, before, path, entryFor(host));
  expect(entryPlace(parsed(host, after), agentHosts[host]).entry).toEqual(entryFor(host));
  // In JSON, the last line gets a comma.
  const isLine = /\n\s*\S/.test(before);
  if (isLine) expect(lost(before, after).filter((line) => !after.includes(`${line.trimEnd()},`))).toEqual([]);
  expect(after.includes('\r\n')).toBe(before.includes('\r\n'));
  const other = put(host, after, path, { ...entryFor(host), args: ['-y', 'y'] });
  expect(put(host, other, path, entryFor(host))).toBe(after);
  const out = taken(host, after, path);
  expect(entryPlace(parsed(host, out), agentHosts[host]).entry).toBeUndefined();
  expect(out.trimEnd()).toBe(before.trimEnd());
});

test.each<[AgentHost, string]>([
  ['cursor', ''],
  ['cursor', '{}'],
  ['cursor', '{\n  "mcpServers": {}\n}\n'],
  ['cursor', '{ "mcpServers": null, "x": 1 }'],
  ['cursor', '{\n  "mcpServers": null // none\n}\n'],
  ['zed', '// nothing yet\n'],
  ['zed', '// nothing yet'],
  ['codex', ''],
  ['codex', '# nothing yet\n'],
  ['continue', ''],
  ['continue', '# nothing yet\n'],
  ['continue', 'name: x\nmcpServers: []\n'],
  ['continue', 'name: x\nmcpServers:\n# end\n'],
  ['continue', 'name: x\nmcpServers: [] # none\ntags: [a,b]\n'],
  ['continue', 'name: x\nmcpServers: null\ntags: [a,b]\n'],
  ['fast-agent', 'mcp: { } # none\ntags: [a,b]\n'],
  ['fast-agent', 'mcp:\n    servers: {}\ntags: [a,b]'],
  ['continue', 'name: x\nmcpServers: [{ name: docs, command: x }] # docs\n'],
  ['fast-agent', 'mcp: { servers: { a: { command: b } } }\n'],
  ['codex', '[mcp_servers]\n'],
])('%s starts with %j', (host, before) => {
  const { path } = entryPlace(parsed(host, before), agentHosts[host]);
  const after = put(host, before, path, entryFor(host));
  expect(entryPlace(parsed(host, after), agentHosts[host]).entry).toEqual(entryFor(host));
  for (const [comment] of before.matchAll(/(#|\/\/).*/g)) expect(after).toContain(comment);
  // Other values keep their style.
  if (before.includes('tags')) expect(after).toMatch(/^tags: \[a,b\]$/m);
  expect(after.match(/mcpServers/g)?.length ?? 1).toBe(1);
  const out = taken(host, after, path);
  expect(entryPlace(parsed(host, out), agentHosts[host]).entry).toBeUndefined();
});

test.each([0, 1, 2])('in a list, the entry may have any place: %i', (place) => {
  const item = (name: string) => `  - name: ${name} # ${name}\n    command: x\n`;
  const others = [item('docs'), item('mail')];
  const before = `name: x\nmcpServers:\n${others.toSpliced(place, 0, item('ollama')).join('')}tags: [a,b]\n`;
  const { path } = entryPlace(parsed('continue', before), agentHosts.continue);
  expect(path).toEqual(['mcpServers', place]);
  const after = put('continue', before, path, entryFor('continue'));
  for (const other of others) expect(after).toContain(other);
  expect(taken('continue', after, path)).toBe(`name: x\nmcpServers:\n${others.join('')}tags: [a,b]\n`);
});

test.each<[AgentHost, string]>([
  ['cursor', '{\n  "a": 1\n  , "mcpServers": {\n    "x": {} /* the\n    last */\n    , // one\n  }\n}\n'],
  ['cursor', '{\n  "x": {}\n  ,\n}\n'],
  ['cursor', '{\n  // mine\n  "mcpServers": {\n    // none yet\n  } // end\n}\n'],
  ['cursor', '{ "mcpServers": /* none */ {} }'],
  ['continue', 'name: x\nmcpServers: # mine\n  # none yet\ntags: []\n'],
  ['codex', '[mcp_servers] # mine\n\n[mcp_servers.ollama]\ncommand = "x"\n'],
])('%s keeps every comment and comma of %j', (host, before) => {
  const comments = before.match(/(#|\/\/).*|\/\*[\s\S]*?\*\//g) ?? [];
  const { path } = entryPlace(parsed(host, before), agentHosts[host]);
  const after = put(host, before, path, entryFor(host));
  const out = taken(host, after, path);
  for (const comment of comments)
    expect([after, out]).toEqual([after, out].map(() => expect.stringContaining(comment)));
});

describe('settings that cannot be changed give an error', () => {
  test.each<[AgentHost, string, string]>([
    ['cursor', '{\n  "a": ,\n}', 'is not valid JSON: line 2: value expected'],
    ['cursor', '[]', 'its content is not an object'],
    ['cursor', '"text"', 'its content is not an object'],
    ['cursor', '{ "mcpServers": [] }', 'mcpServers is not an object'],
    ['cursor', '{ "mcpServers": { "ollama": "x" } }', 'mcpServers.ollama is not an object'],
    ['fast-agent', 'mcp: x\n', 'mcp is not an object'],
    ['continue', 'mcpServers: x\n', 'mcpServers is not a list'],
    ['continue', 'a: [\n', 'is not valid YAML: '],
    ['codex', 'a = 1\nb = \n', 'is not valid TOML: line 2: invalid value'],
    ['codex', 'a = 1\na = 2\n', 'is not valid TOML: line 2'],
  ])('%s %j', (host, text, words) => {
    expect(() => {
      const { path } = entryPlace(parsed(host, text), agentHosts[host]);
      put(host, text, path, entryFor(host));
    }).toThrow(words);
  });

  test('an inline table of servers in TOML is not changed', () => {
    const text = 'mcp_servers = { a = { command = "x" } }\n';
    const { path } = entryPlace(parsed('codex', text), agentHosts.codex);
    expect(() => put('codex', text, path, entry)).toThrow('with the lines from --print-config codex');
  });
});
