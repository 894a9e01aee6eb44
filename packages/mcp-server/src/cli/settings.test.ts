import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { ConfigError } from './config-error.ts';

const parse = (argv: string[], env: Record<string, string> = {}) => {
  const command = parseCommandLine(argv, env);
  return command.run === 'serve' ? command.config : command.run;
};

test('settings for tools and limits have flags and variables, and a flag overrides its variable', () => {
  const env = {
    OLLAMA_MCP_TOOLSETS: 'models,web',
    OLLAMA_MCP_TOOLS: 'ollama_chat',
    OLLAMA_MCP_EXCLUDE_TOOLS: 'ollama_status, ollama_web_fetch',
    OLLAMA_MCP_READ_ONLY: '1',
    OLLAMA_MCP_ALLOW_DIR: ['/a', '/b'].join(delimiter),
    OLLAMA_MCP_BUDGET_MS: '0',
    OLLAMA_MCP_CONCURRENCY: '8',
  };
  expect(parse([], env)).toMatchObject({
    toolsets: ['models', 'web'],
    tools: ['ollama_chat'],
    excludeTools: ['ollama_status', 'ollama_web_fetch'],
    readOnly: true,
    allowDir: ['/a', '/b'],
    budgetMs: 0,
    concurrency: 8,
  });
  const flags = [
    '--toolsets',
    'manage',
    '--tools=ollama_embed',
    '--allow-dir',
    '/c',
    '--allow-dir=/d',
    '--budget-ms=9',
    '--concurrency=4',
  ];
  expect(parse(flags, env)).toMatchObject({
    toolsets: ['manage'],
    tools: ['ollama_embed'],
    allowDir: ['/c', '/d'],
    budgetMs: 9,
    concurrency: 4,
  });
  const standard = { toolsets: [], tools: [], readOnly: false, allowDir: [], budgetMs: 50_000, concurrency: 2 };
  expect(parse([])).toMatchObject(standard);
});

test.each([
  [['--toolsets', 'infernce'], 'There are: inference, models, manage, web.'],
  [['--tools', 'ollama_caht'], 'Did you mean ollama_chat? There are: ollama_chat, ollama_generate'],
  [['--exclude-tools', 'chat'], 'There is no tool chat.'],
  [['--budget-ms', 'soon'], '--budget-ms should be a whole number'],
  [['--concurrency', '0'], '--concurrency should be at least 1.'],
])('the error for %j lists the valid values', (argv, words) => {
  expect(() => parse(argv)).toThrow(ConfigError);
  expect(() => parse(argv)).toThrow(words);
});

test.each([
  [['--http'], {}, '127.0.0.1:3333'],
  [['--http', '--verbose'], {}, '127.0.0.1:3333'],
  [['--http', '4000'], {}, '4000'],
  [['--http=4000'], { OLLAMA_MCP_HTTP: '5000' }, '4000'],
  [[], { OLLAMA_MCP_HTTP: '0.0.0.0:5000' }, '0.0.0.0:5000'],
  [[], {}, undefined],
])('%j with %j serves at %s', (argv, env, address) => {
  expect(parseCommandLine(argv, env)).toMatchObject({ run: 'serve', config: { http: address } });
});

test('the token can only be set in the environment', () => {
  const env = {
    OLLAMA_MCP_TOKEN: 'secret',
    OLLAMA_MCP_HTTP_ALLOW: 'a.example, b.example',
    OLLAMA_MCP_HTTP_SESSIONS: '1',
  };
  expect(parseCommandLine([], env)).toMatchObject({
    config: { token: 'secret', httpAllow: ['a.example', 'b.example'], httpSessions: true },
  });
  expect(() => parseCommandLine(['--token', 'secret'], {})).toThrow('Unknown flag --token');
});
