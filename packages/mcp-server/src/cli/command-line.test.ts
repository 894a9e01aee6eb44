import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { ConfigError } from './config-error.ts';

const parse = (argv: string[], env: Record<string, string> = {}) => {
  const command = parseCommandLine(argv, env);
  return command.run === 'serve' ? command.config : command.run;
};

test('without arguments, the client uses its defaults', () => {
  expect(parse([])).toMatchObject({ host: undefined, model: undefined, embedModel: undefined, verbose: false });
});

test('a flag overrides its own variable, which overrides the shared one', () => {
  const env = { OLLAMA_HOST: 'shared', OLLAMA_MCP_HOST: 'own' };
  expect(parse(['--host', 'flag'], env)).toMatchObject({ host: 'flag' });
  expect(parse([], env)).toMatchObject({ host: 'own' });
  expect(parse([], { ...env, OLLAMA_MCP_HOST: ' ' })).toMatchObject({ host: 'shared' });
});

test('every setting has a variable', () => {
  const env = { OLLAMA_MCP_MODEL: 'a', OLLAMA_MCP_EMBED_MODEL: 'b', OLLAMA_MCP_VERBOSE: 'yes', OLLAMA_API_KEY: 'k' };
  expect(parse([], env)).toMatchObject({ model: 'a', embedModel: 'b', verbose: true, apiKey: 'k' });
  expect(parse([], { OLLAMA_MCP_VERBOSE: '0' })).toMatchObject({ verbose: false });
  expect(parse(['--verbose'], { OLLAMA_MCP_VERBOSE: '0' })).toMatchObject({ verbose: true });
});

test('if a single value is repeated, the last one counts', () => {
  expect(parse(['--model', 'a', '--model=b'])).toMatchObject({ model: 'b' });
});

test('help and version come before everything else', () => {
  expect(parse(['--help'], { OLLAMA_HOST: 'ftp://x' })).toBe('help');
  expect(parse(['-v'])).toBe('version');
});

test.each([
  [['--what'], 'Unknown flag --what. See --help.'],
  [['--modle', 'x'], 'Unknown flag --modle. Did you mean --model?'],
  [['word'], "Unexpected argument 'word'. See --help."],
  [['--host'], "Option '--host <value>' argument missing. See --help."],
  [['--print-config'], /^--print-config takes the name of a host: claude-desktop, claude-code, /],
  [['--verbose=1'], "Option '--verbose' does not take an argument. See --help."],
  [['--budget-ms', '-5'], "Option '--budget-ms' argument is ambiguous. See --help."],
  [['setup', '--check'], '--check goes without setup. See --help.'],
  [['setup', '--print-config', 'zed'], '--print-config goes without setup. See --help.'],
  [['call', '--check'], '--check goes without call. See --help.'],
  [['--host', 'ftp://x'], /^The address of the Ollama server has a scheme other than[^\n]+$/],
])('%j gives an error of one line', (argv, message) => {
  expect(() => parse(argv)).toThrow(ConfigError);
  expect(() => parse(argv)).toThrow(message);
});

test('an error in a variable names the variable', () => {
  expect(() => parse([], { OLLAMA_MCP_VERBOSE: 'maybe' })).toThrow('OLLAMA_MCP_VERBOSE should be 1 or 0.');
  for (const name of ['CONFIRM', 'PROTOCOL', 'CONCURRENCY', 'OAUTH_ISSUER', 'OAUTH_AUDIENCE'].map(
    (one) => `OLLAMA_MCP_${one}`,
  ))
    expect(() => parse([], { [name]: '0' })).toThrow(`${name} should be`);
});

test.each([['--print-config', 'vscode'], ['setup']])('what a host would not get is named: %s', (...words) => {
  const argv = [...words, '--allow-dir', '$' + '{workspaceFolder}', '--model', 'm'];
  expect(parseCommandLine(argv, {})).toMatchObject({
    settings: { flags: ['--model', 'm'] },
    unfilled: ['--allow-dir'],
  });
});

test('folders may come last, and unfilled placeholders are ignored', () => {
  const unfilled = (name: string) => `\${user_config.${name}}`;
  expect(parse(['--verbose', '--', '/a', '/b'])).toMatchObject({ allowDir: ['/a', '/b'], verbose: true });
  expect(parse(['--', unfilled('allowDir')], { OLLAMA_MCP_MODEL: unfilled('model') })).toMatchObject({
    allowDir: [],
    model: undefined,
  });
});
