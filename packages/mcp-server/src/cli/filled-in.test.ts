import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { filledIn } from './filled-in.ts';
import { settingRows } from './settings.ts';

const placeholders = [
  `\${user_config.apiKey}`,
  `\${OLLAMA_HOST}`,
  `\${env:OLLAMA_HOST}`,
  `\${input:api-key}`,
  `http://\${env:OLLAMA_HOST}:11434`,
  `"\${OLLAMA_HOST}"`,
  '$(OLLAMA_HOST)',
  '$OLLAMA_HOST',
  '%OLLAMA_HOST%',
  '{{ollama_host}}',
  '$env:OLLAMA_HOST',
  'env:OLLAMA_HOST',
  '{env:OLLAMA_HOST}',
  '{file:./host}',
  '{ollama_host}',
  '#{OLLAMA_HOST}',
  '%(OLLAMA_HOST)s',
  '@OLLAMA_HOST@',
  '__OLLAMA_HOST__',
  'process.env.OLLAMA_HOST',
  '<your host>',
  '[your host]',
  'YOUR_API_KEY',
  'your-api-key-here',
  'NULL',
  'nil',
  'undefined',
  'null',
  'nan',
  'None',
  '@{OLLAMA_HOST}',
  '&{OLLAMA_HOST}',
  '',
  '  ',
  '"',
] as const;

test.each(placeholders)('%j counts as not set, for every setting, as a flag and as a variable', (text) => {
  const plain = parseCommandLine([], {});
  for (const { flag, env, secret } of settingRows) {
    for (const name of env) {
      expect(parseCommandLine([], { [name]: text }), name).toEqual({ ...plain, unfilled: [name] });
      if (secret) expect(parseCommandLine([], { [name]: `Bearer ${text}` })).toEqual({ ...plain, unfilled: [name] });
    }
    if (flag === undefined) continue;
    expect(parseCommandLine([`--${flag}=${text}`], {})).toEqual({ ...plain, unfilled: [`--${flag}`] });
  }
});

test('an unfilled placeholder is skipped in favor of the next source', () => {
  const env = { OLLAMA_MCP_HOST: `\${user_config.host}`, OLLAMA_HOST: '10.0.0.1' };
  expect(parseCommandLine(['--host', 'undefined'], env)).toMatchObject({
    config: { host: '10.0.0.1' },
    unfilled: ['--host', 'OLLAMA_MCP_HOST'],
  });
  expect(parseCommandLine(['--allow-dir=/a', `--allow-dir=\${x}`, '--', '/b', 'null'], {})).toMatchObject({
    config: { allowDir: ['/a', '/b'] },
    unfilled: ['--allow-dir'],
  });
});

test.each([
  ['localhost:11434"', 'localhost:11434'],
  [`'http://10.0.0.1'`, 'http://10.0.0.1'],
  ['C:\\models', 'C:\\models'],
  ['[::1]', '[::1]'],
  ['[fe80::1]:11434', '[fe80::1]:11434'],
  ['none', 'none'],
  ['100% $ecret', '100% $ecret'],
  ['Bearer abc', 'Bearer abc'],
])('%j is %j', (text, value) => {
  expect(filledIn(text)).toBe(value);
});

test.each([
  ['Bearer Bearer abc', 'abc'],
  ['Authorization: Bearer abc', 'abc'],
  ['Bearer abc', 'abc'],
  ['bearer  "abc"', 'abc'],
  ['abc"', 'abc'],
  ['bearerabc', 'bearerabc'],
  ['Bearer', undefined],
])('the secret %j is %j', (text, value) => {
  expect(filledIn(text, { secret: true })).toBe(value);
});
