import { describe, expect, test, vi } from 'vitest';
import { callErrors } from './call-errors.ts';
import { httpError } from './http-error.ts';

const facts = { url: 'http://gpu:11434', method: 'POST', path: '/api/chat', model: 'llama3.2', errors: callErrors };
const bare = { ...facts, path: '/api/tags', method: 'GET', model: undefined };
const json = (error: string) => JSON.stringify({ error });
const fails = (
  status: number,
  text = '',
  headers: Record<string, string> = {},
  of: typeof facts | typeof bare = facts,
) => httpError(of, { status, text, headers });

describe('the code', () => {
  test.each([
    [300, '', 'redirect'],
    [399, '', 'redirect'],
    [401, '', 'unauthorized'],
    [403, '', 'forbidden'],
    [404, '', 'not_found'],
    [404, '<html>', 'wrong_server'],
    [404, json('model "llama3.2" not found'), 'model_not_found'],
    [404, json('LLAMA3.2 is unavailable'), 'model_not_found'],
    [404, json('no such route'), 'not_found'],
    [404, json('the model is fine'), 'not_found'],
    [405, '', 'unsupported'],
    [501, '', 'unsupported'],
    [429, '', 'rate_limited'],
    [200, 'hello', 'wrong_server'],
    [299, 'hello', 'wrong_server'],
    [199, '', 'bad_request'],
    [400, '', 'bad_request'],
    [400, json('the input length exceeds the context length'), 'context_exceeded'],
    [499, '', 'bad_request'],
    [500, '', 'server_error'],
    [502, '', 'server_error'],
    [503, '', 'server_busy'],
  ])('%i %s', (status, text, code) => {
    expect(fails(status, text)).toMatchObject({ name: 'OllamaHttpError', status, code, phase: 'firstByte' });
  });

  test('without a model in the request, a 404 is about the route', () => {
    expect(fails(404, json('model is required, and not found'), {}, bare).code).toBe('not_found');
  });
});

test.each([
  [429, true],
  [502, true],
  [503, true],
  [500, false],
  [400, false],
  [404, false],
])('after %i another try may help: %s', (status, retryable) => {
  expect(fails(status).retryable).toBe(retryable);
});

describe('the message', () => {
  test.each([
    ['the message of Ollama', 500, json('out of memory'), {}, 'out of memory (status 500, '],
    ['the first line of a text', 500, '\n  upstream is down  \nat line 5', {}, 'upstream is down (status 500, '],
    ['a text of its type', 500, 'down', { 'content-type': 'text/plain' }, 'down (status 500, '],
    [
      'nothing from other types',
      500,
      'GIF89a',
      { 'content-type': 'image/gif' },
      'The server gave no reason (status 500, ',
    ],
    ['nothing', 500, '', {}, 'The server gave no reason (status 500, '],
    ['a web page', 502, '<html>', {}, 'a web page (status 502, '],
    ['its title', 502, '<title>Bad Gateway</title>', {}, 'a web page, "Bad Gateway" (status 502, '],
    ['a message in XML', 404, '<Error><Message>Gone</Message></Error>', {}, 'Gone (status 404, '],
    ['a success status', 200, '<html>', {}, 'Expected JSON from Ollama, got a web page ('],
    ['a success status without a message', 200, '', {}, 'Expected JSON from Ollama ('],
  ])('%s', (_, status, text, headers, message) => {
    expect(fails(status, text, headers as Record<string, string>).message).toBe(
      `${message}POST /api/chat at http://gpu:11434)${status === 200 ? '.' : ''}`,
    );
  });

  test('a long line is truncated', () => {
    expect(fails(500, 'x'.repeat(300)).message).toMatch(/^x{200} \(/);
  });
});

describe('a redirect', () => {
  const to = (location?: string) => fails(302, '', location === undefined ? {} : { location });

  test.each([
    ['https://ollama.example/api/chat?token=secret', 'https://ollama.example/api/chat'],
    ['/login', 'http://gpu:11434/login'],
    ['https://anna:secret@other.example/x', 'https://other.example/x'],
    ['https://anna/secret@other.example/x', 'https://…'],
    [`https://other.example/${'x'.repeat(400)}`, `https://other.example/${'x'.repeat(278)}`],
  ])('to %s', (location, shown) => {
    expect(to(location).location).toBe(shown);
    expect(to(location).message).toBe(
      `The server redirects to ${shown} (status 302, POST /api/chat at http://gpu:11434). Redirects are not followed.`,
    );
  });

  test('to an address that cannot be shown, or is hidden', () => {
    for (const location of ['mailto:anna@example.com', 'xhttps://a', 'http://[', 'httpsx://a'])
      expect([to(location).location, to(location).message]).toEqual([
        undefined,
        expect.stringContaining('to an address that cannot be shown'),
      ]);
    expect(to().message).toContain('to an address that is not shown (browsers hide it)');
    expect(fails(500, '', { location: '/x' }).location).toBeUndefined();
  });
});

describe('the hint', () => {
  test.each([
    [407, /^The proxy requires a user name/],
    [408, /^A proxy in front of the server timed out/],
    [413, /client_max_body_size/],
    [431, /^The request headers are larger/],
    [504, /proxy_read_timeout/],
    [524, /^Cloudflare/],
    [400, /^The server gives no details/],
    [503, /^Too many requests are waiting/],
  ])('of %i', (status, hint) => {
    expect(fails(status).hint).toMatch(hint);
  });

  test('of a bad request with a message comes from the message only', () => {
    expect(fails(400, json('what is this?')).hint).toBeUndefined();
  });

  test('of a 403 distinguishes Ollama from a proxy in front of it', () => {
    expect(fails(403).hint).toMatch(/^Ollama refuses requests with a foreign Host/);
    expect(fails(403, '', { 'content-type': 'text/html' }).hint).toMatch(/^Something in front of the server/);
    expect(fails(403, JSON.stringify({ message: 'no' })).hint).toMatch(/^Something in front of the server/);
    expect(fails(403, json('this model needs a subscription')).hint).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const after = (header: string) => fails(503, '', { 'retry-after': header }).retryAfterMs;

  test.each([
    ['3', 3000],
    [' 0.5 ', 500],
    ['12.25', 12_250],
    ['soon', undefined],
    ['3s', undefined],
    ['x3', undefined],
  ])('%j is %s ms', (header, ms) => {
    expect(after(header)).toBe(ms);
  });

  test('may be a date, even in the past', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    try {
      expect(after('Thu, 01 Jan 2026 00:00:30 GMT')).toBe(30_000);
      expect(after('Wed, 31 Dec 2025 00:00:00 GMT')).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('may be missing', () => {
    expect(fails(503).retryAfterMs).toBeUndefined();
  });
});

test('the sign-in address is reported if it is a string', () => {
  const signinUrl = (value: unknown) => fails(401, JSON.stringify({ error: 'no', signin_url: value })).signinUrl;
  expect([signinUrl('https://ollama.com/connect'), signinUrl(5)]).toEqual(['https://ollama.com/connect', undefined]);
  expect(fails(401, 'null').signinUrl).toBeUndefined();
  expect(fails(401, '"signin_url"').signinUrl).toBeUndefined();
});

test.each([
  [500, 'server busy', 'server_busy', true],
  [429, 'you have reached your weekly usage limit', 'quota_exceeded', false],
  [429, 'slow down', 'rate_limited', true],
  [404, 'pull model manifest: file does not exist', 'model_not_found', false],
] as const)('%i with the words "%s" is %s', (status, words, code, retryable) => {
  expect(fails(status, json(words))).toMatchObject({ code, retryable });
});

test('a hint for the message takes precedence over that for the status', () => {
  expect(fails(413, json('no input provided')).hint).toMatch(/^Every text to embed/);
});
