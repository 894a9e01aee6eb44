import { delimiter, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { settingsForHost } from './settings-for-host.ts';

test('flags stay flags, and variables that are set are included', () => {
  const env = {
    OLLAMA_HOST: '0.0.0.0:1',
    OLLAMA_MCP_MODEL: 'm',
    OLLAMA_MCP_VERBOSE: '1',
    OLLAMA_MCP_TOOLSETS: ' ',
    PATH: '/',
  };
  expect(settingsForHost({ 'read-only': [true], 'allow-dir': ['/a', '/b'], model: ['llama3.2'] }, env)).toEqual({
    flags: ['--model', 'llama3.2', '--read-only', '--allow-dir', '/a', '--allow-dir', '/b'],
    env: { OLLAMA_HOST: '0.0.0.0:1', OLLAMA_MCP_VERBOSE: '1' },
    secrets: [],
  });
});

test('only the variable that takes effect is included, and a flag overrides it', () => {
  const env = { OLLAMA_HOST: 'a', OLLAMA_MCP_HOST: 'b' };
  expect(settingsForHost({}, env).env).toEqual({ OLLAMA_MCP_HOST: 'b' });
  expect(settingsForHost({ host: ['c'] }, env)).toMatchObject({ flags: ['--host', 'c'], env: {} });
});

test('secrets are named, but their values are not included', () => {
  const env = { OLLAMA_API_KEY: 'k', OLLAMA_HOST: 'https://me:pw@box', OLLAMA_MCP_TOKEN: 't', OLLAMA_MCP_HTTP: '3333' };
  expect(settingsForHost({}, env)).toEqual({ flags: [], env: {}, secrets: ['OLLAMA_HOST', 'OLLAMA_API_KEY'] });
});

test('paths become absolute, because hosts start the server in another folder', () => {
  const given = settingsForHost(
    { 'allow-dir': ['.', '/a'], 'cache-dir': ['cache'] },
    { OLLAMA_MCP_ALLOW_WRITE: `out${delimiter}/b`, OLLAMA_MCP_MODEL: 'hf.co/me/x' },
  );
  expect(given.flags).toEqual([
    '--allow-dir',
    resolve('.'),
    '--allow-dir',
    resolve('/a'),
    '--cache-dir',
    resolve('cache'),
  ]);
  expect(given.env).toEqual({
    OLLAMA_MCP_ALLOW_WRITE: [resolve('out'), resolve('/b')].join(delimiter),
    OLLAMA_MCP_MODEL: 'hf.co/me/x',
  });
});

test('flags for HTTP are an error, because hosts start the server over stdio', () => {
  const problem = 'Hosts start the server over stdio: leave out';
  expect(() => settingsForHost({ http: ['127.0.0.1:3333'] }, {})).toThrow(`${problem} --http.`);
  expect(() => settingsForHost({ 'http-sessions': [true] }, {})).toThrow(`${problem} --http-sessions.`);
});
