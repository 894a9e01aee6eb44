import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';

const parse = (argv: string[], env: Record<string, string> = {}) => {
  const command = parseConfig(argv, env);
  return command.run === 'serve' ? command.config : command.run;
};

test('nothing given leaves the defaults to the client', () => {
  expect(parse([])).toEqual({ host: undefined, model: undefined, embedModel: undefined, verbose: false });
});

test('a flag beats its own variable, which beats the shared one', () => {
  const env = { OLLAMA_HOST: 'shared', OLLAMA_MCP_HOST: 'own' };
  expect(parse(['--host', 'flag'], env)).toMatchObject({ host: 'flag' });
  expect(parse([], env)).toMatchObject({ host: 'own' });
  expect(parse([], { ...env, OLLAMA_MCP_HOST: ' ' })).toMatchObject({ host: 'shared' });
});

test('every setting has its variable', () => {
  const env = { OLLAMA_MCP_MODEL: 'a', OLLAMA_MCP_EMBED_MODEL: 'b', OLLAMA_MCP_VERBOSE: 'yes' };
  expect(parse([], env)).toEqual({ host: undefined, model: 'a', embedModel: 'b', verbose: true });
  expect(parse([], { OLLAMA_MCP_VERBOSE: '0' })).toMatchObject({ verbose: false });
});

test('help and version come before everything else', () => {
  expect(parse(['--help'], { OLLAMA_HOST: 'ftp://x' })).toBe('help');
  expect(parse(['-v'])).toBe('version');
});

test.each([[['--what']], [['word']], [['--host']], [['--verbose=1']], [['--host', 'ftp://x']]])(
  '%j is a mistake told in one line',
  (argv) => {
    expect(() => parse(argv)).toThrow(ConfigError);
    expect(() => parse(argv)).toThrow(/^[^\n]+$/);
  },
);
