import { describe, expect, test } from 'vitest';
import { OllamaError } from '../errors/errors.ts';
import { hostnameOf } from '../loopback.ts';
import { parseHost } from './host.ts';

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('an address is read as Ollama reads OLLAMA_HOST', () => {
  test.each([
    ['nothing', '', 'http://127.0.0.1:11434'],
    ['only an address', '1.2.3.4', 'http://1.2.3.4:11434'],
    ['only a port', ':1234', 'http://127.0.0.1:1234'],
    ['address and port', '1.2.3.4:1234', 'http://1.2.3.4:1234'],
    ['a host name', 'example.com', 'http://example.com:11434'],
    ['host name and port', 'example.com:1234', 'http://example.com:1234'],
    ['port zero', ':0', 'http://127.0.0.1:0'],
    ['a port that is too large', ':66000', 'http://127.0.0.1:11434'],
    ['a port that is too small', ':-1', 'http://127.0.0.1:11434'],
    ['IPv6', '[::1]', 'http://[::1]:11434'],
    ['every IPv6 address', '[::]', 'http://[::1]:11434'],
    ['IPv6 without brackets', '::1', 'http://[::1]:11434'],
    ['IPv6 and port', '[::1]:1337', 'http://[::1]:1337'],
    ['spaces around', ' 1.2.3.4 ', 'http://1.2.3.4:11434'],
    ['quotes around', '"1.2.3.4"', 'http://1.2.3.4:11434'],
    ['spaces and quotes around', ' " 1.2.3.4 " ', 'http://1.2.3.4:11434'],
    ['only quotes', `"'"`, 'http://127.0.0.1:11434'],
    ['single quotes around', "'1.2.3.4'", 'http://1.2.3.4:11434'],
    ['http', 'http://1.2.3.4', 'http://1.2.3.4:80'],
    ['http and port', 'http://1.2.3.4:4321', 'http://1.2.3.4:4321'],
    ['https', 'https://1.2.3.4', 'https://1.2.3.4:443'],
    ['https and port', 'https://1.2.3.4:4321', 'https://1.2.3.4:4321'],
    ['a path before the API', 'https://example.com/ollama', 'https://example.com:443/ollama'],
    ["the cloud's name alone", 'ollama.com', 'https://ollama.com:443'],
  ])('%s: %j', (_, text, url) => {
    expect(parseHost(text)).toEqual({ url });
  });

  test.each([
    ['1.2.3.4:', 'http://1.2.3.4:11434'],
    ['1.2.3.4:port', 'http://1.2.3.4:11434'],
    ['1.2.3.4:65535', 'http://1.2.3.4:65535'],
    ['1.2.3.4:65536', 'http://1.2.3.4:11434'],
    ['http://1.2.3.4:65536', 'http://1.2.3.4:80'],
    ['https://1.2.3.4:-1', 'https://1.2.3.4:443'],
    ['1.2.3.4:0x50', 'http://1.2.3.4:11434'],
    ['1.2.3.4:1e3', 'http://1.2.3.4:11434'],
    ['1.2.3.4:80.0', 'http://1.2.3.4:11434'],
    ['1.2.3.4:+80', 'http://1.2.3.4:80'],
    ['1.2.3.4:0080', 'http://1.2.3.4:80'],
  ])('a port that is none gives the default: %j', (text, url) => {
    expect(parseHost(text)).toEqual({ url });
  });

  test.each([
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:1234', 'http://127.0.0.1:1234'],
    ['http://0.0.0.0', 'http://127.0.0.1:80'],
    ['[::]:1234', 'http://[::1]:1234'],
    ['::', 'http://[::1]:11434'],
    ['http://', 'http://127.0.0.1:80'],
    ['https://:8443', 'https://127.0.0.1:8443'],
  ])('an address to listen on means this machine: %j', (text, url) => {
    expect(parseHost(text)).toEqual({ url });
  });
});

describe('a pasted address', () => {
  test.each([
    ['http://example.com:11434/', 'http://example.com:11434'],
    ['http://example.com:11434///', 'http://example.com:11434'],
    ['example.com/ollama/', 'http://example.com:11434/ollama'],
    ['http://example.com/api', 'http://example.com:80'],
    ['http://example.com/api/', 'http://example.com:80'],
    ['http://example.com/v1', 'http://example.com:80'],
    ['http://example.com/v1//', 'http://example.com:80'],
    ['example.com:11434/ollama/v1', 'http://example.com:11434/ollama'],
    ['https://example.com/ollama//api', 'https://example.com:443/ollama'],
    ['https://example.com/my-api', 'https://example.com:443/my-api'],
    ['https://example.com/apiary', 'https://example.com:443/apiary'],
    ['https://example.com/a/b/c', 'https://example.com:443/a/b/c'],
    ['https://example.com/ollama?token=1', 'https://example.com:443/ollama'],
    ['https://example.com?token=1', 'https://example.com:443'],
    ['https://example.com/ollama#part', 'https://example.com:443/ollama'],
    ['/ollama', 'http://127.0.0.1:11434/ollama'],
    ['?token=1', 'http://127.0.0.1:11434'],
    ['https://example.com/unix:///run', 'https://example.com:443/unix:///run'],
    ['https://example.com/%40team', 'https://example.com:443/%40team'],
  ])('path, query and fragment: %j', (text, url) => {
    expect(parseHost(text)).toEqual({ url });
  });

  test.each([
    ['HTTP://Example.com', 'http://Example.com:80'],
    ['HtTpS://1.2.3.4', 'https://1.2.3.4:443'],
  ])('the scheme in any case: %j', (text, url) => {
    expect(parseHost(text)).toEqual({ url });
  });
});

describe('credentials become a header', () => {
  test.each([
    ['http://me:secret@1.2.3.4:80', 'me:secret', 'http://1.2.3.4:80'],
    ['me:secret@1.2.3.4', 'me:secret', 'http://1.2.3.4:11434'],
    ['https://me:p%40ss%2Fw%3Ard@example.com/ollama', 'me:p@ss/w:rd', 'https://example.com:443/ollama'],
    ['https://me:p@ss@example.com', 'me:p@ss', 'https://example.com:443'],
    ['https://me:http:1@example.com', 'me:http:1', 'https://example.com:443'],
    ['https://me:100%@example.com', 'me:100%', 'https://example.com:443'],
    ['https://me@example.com', 'me:', 'https://example.com:443'],
    ['https://:secret@example.com', ':secret', 'https://example.com:443'],
    ['https://zoë:пароль@[::1]:8443', 'zoë:пароль', 'https://[::1]:8443'],
  ])('%j', (text, credentials, url) => {
    expect(parseHost(text)).toEqual({ url, authorization: basic(credentials) });
  });

  test('empty ones are ignored', () => {
    expect(parseHost('http://@example.com')).toEqual({ url: 'http://example.com:80' });
    expect(parseHost('http://:@example.com')).toEqual({ url: 'http://example.com:80' });
  });

  test('a password with a character that ends the address is rejected, not shown', () => {
    for (const text of ['http://me:pass/wxyz@example.com', 'http://me:pass?wxyz@example.com', 'me:pass#wxyz@1.2.3.4']) {
      const error = badHost(text);
      expect(error.hint).toContain('%2F');
      expect(JSON.stringify([error, error.message])).not.toContain('wxyz');
    }
  });
});

describe('a possible credential in the wrong place is neither shown nor called', () => {
  test.each([
    ['http://u:1234/SEKRET@host'],
    ['http://u:SEKRET/1@host:11434'],
    ['u:1234/SEKRET@host'],
    ['SEKRET/x@host'],
    ['http://SEKRET/x@host'],
    ['https://host/SEKRET@'],
    ['http:/u:SEKRET@host'],
    ['http:u:SEKRET@host'],
    ['https:u:SEKRET@host'],
    ['ws:u:SEKRET@host'],
    ['wss:u:SEKRET@host'],
    ['http:\\\\u:SEKRET@host'],
    ['//u:SEKRET@host'],
    ['/u:SEKRET@host'],
    ['https//u:SEKRET@host'],
    ['http:///u:SEKRET@host'],
    ['http://u:1/SEKRET?@host'],
    ['http://u:1?SEKRET@host'],
    ['http://u:1#SEKRET@host'],
    ['u:1#SEKRET@host'],
    ['http://u:SEKRET %40@host'],
    ['http://u:SEK RET@host'],
    ['http://u:SEKRET\n@host'],
    ['http://u:SEKRET%40host'],
    ['u:SEKRET%40host:11434'],
    ['u@SEKRET%40host'],
    ['http://u:SEKRET\uff20host'],
    ['http://u:SEKRET@ho st'],
    ['http://u:SEKRET@ho<st'],
    ['http://u:SEKRET@[::1'],
    ['http://u:SEKRET@host\\path'],
    ['http://host\\SEKRET'],
    ['ftp://u:SEKRET@host'],
    ['u:SEKRET://host'],
    ['unix://u:SEKRET@host'],
    ['unix:u:SEKRET@host'],
    ['unix:/u:SEKRET@host'],
    ['"http://u:1/SEKRET@host"'],
  ])('%j', (text) => {
    const error = badHost(text);
    expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain('SEKRET');
    expect(JSON.stringify([error.message, error.hint])).not.toMatch(/SEK|RET/);
    expect(error.message).toMatch(/^The address of the Ollama server (has|is) \S+ .*\w/);
  });

  test.each([
    ['http://u:SEKRET%2F1@host', 'http://host:80'],
    ['http://u:SEKRET@1@host', 'http://host:80'],
    ['http://SEKRET@host/a%40b', 'http://host:80/a%40b'],
    ['http://u:SEKRET%zz@host', 'http://host:80'],
  ])('%j is read, and only its host is shown', (text, url) => {
    expect(parseHost(text)).toMatchObject({ url, authorization: expect.stringMatching(/^Basic /) });
  });
});

test.each([
  ['http://ollama.com:80/x', 'ollama.com'],
  ['http://[::1]:11434', '::1'],
  ['https://EXAMPLE.com:443/a:b/[c]', 'EXAMPLE.com'],
  ['http://localhost', 'localhost'],
])('the host of %s is %s', (url, host) => {
  expect(hostnameOf(url)).toBe(host);
});

describe('a Unix socket', () => {
  test.each([
    ['unix:///run/ollama.sock', '/run/ollama.sock'],
    ['UNIX:///run/ollama.sock', '/run/ollama.sock'],
    [' "unix:///run/ollama.sock" ', '/run/ollama.sock'],
  ])('%j', (text, socketPath) => {
    expect(parseHost(text)).toEqual({ url: 'http://localhost', socketPath });
  });

  test('needs an absolute path', () => {
    expect(badHost('unix://ollama.sock').message).toContain('absolute path');
    expect(badHost('unix://').message).toContain('absolute path');
  });
});

test.each([
  ['ftp://example.com', /scheme/],
  ['ws://example.com', /scheme/],
  ['://example.com', /scheme/],
  ['exam ple.com', /white space/],
  ['http://example.com/a b', /white space/],
  ['example\t.com', /white space/],
  ['exam\u0000ple.com', /control/],
  ['example.com\u007f', /control/],
  ['[::1', /not closed/],
  ['::1]', /not closed/],
  ['http://[::1:11434', /not closed/],
  ['exa[mple]', /not a valid address/],
  ['[exa]mple', /not a valid address/],
  ['1.2.3.4:80:90', /not a valid address/],
  ['256.256.256.256', /not a valid address/],
  ['exa<mple.com', /not a valid address/],
  // A URL has no place for the zone of a link-local address.
  ['[fe80::1%eth0]:11434', /not a valid address/],
])('%j is not an address', (text, words) => {
  const error = badHost(text);
  expect(error.message).toMatch(words);
  expect(error.hint).toContain('127.0.0.1:11434');
  expect(error.retryable).toBe(false);
});

function badHost(text: string): OllamaError {
  try {
    parseHost(text);
  } catch (error) {
    expect(error).toBeInstanceOf(OllamaError);
    expect(error).toMatchObject({ code: 'bad_host' });
    return error as OllamaError;
  }
  throw new Error(`${JSON.stringify(text)} was taken as an address`);
}
