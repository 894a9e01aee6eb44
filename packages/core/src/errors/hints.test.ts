import { expect, test } from 'vitest';
import { callErrors } from './call-errors.ts';
import { failureOf, where } from './call-facts.ts';
import type { ErrorCode } from './errors.ts';
import { hintFor } from './hints.ts';

const facts = { url: 'http://gpu:11434', method: 'POST', path: '/api/chat', model: 'llama3.2', errors: callErrors };

test.each<[ErrorCode, RegExp | undefined]>([
  ['model_not_found', /^Pull it first: ollama pull llama3\.2\. Installed models: ollama list\.$/],
  ['not_found', /this route does not exist there/],
  ['refused', /OLLAMA_HOST=0\.0\.0\.0/],
  ['connection_failed', /^See "cause"/],
  ['dns', /^Check the host name in OLLAMA_HOST/],
  ['tls', /^Check the certificate/],
  ['reset', /^The server closed the connection/],
  ['unauthorized', /^Set OLLAMA_API_KEY/],
  ['forbidden', /OLLAMA_ORIGINS/],
  ['quota_exceeded', /^The usage limit of the account/],
  ['rate_limited', /^Wait a moment/],
  ['server_busy', /^Too many requests are waiting/],
  ['wrong_server', /^Something other than Ollama/],
  ['redirect', /^Set OLLAMA_HOST to the address that the server redirects to/],
  ['context_exceeded', /num_ctx/],
  ['truncated', /^The answer was cut off/],
  ['bad_line', /check proxies/],
  ['line_too_long', /maxLineBytes/],
  ['stream_error', /does not fit into memory/],
  ['server_error', /does not fit into memory/],
  ['unsupported', /capabilities in show/],
  ['bad_request', undefined],
  ['aborted', undefined],
])('of %s', (code, hint) => {
  const found = hintFor(code, facts);
  if (hint === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(hint);
});

test('names a model only if there is one', () => {
  expect(hintFor('model_not_found', { ...facts, model: undefined })).toContain('ollama pull <model>.');
});

test('of a refused connection on this machine says how to start the server', () => {
  expect(hintFor('refused', { ...facts, url: 'http://[::1]:11434' })).toMatch(/^Start the server with "ollama serve"/);
});

test.each([
  ['/api/chat', true],
  ['/api/embeddings', true],
  ['/api/chat/x', false],
  ['/prefix/api/chat', false],
  ['/api/tags', false],
])('of a server error at %s speaks of memory: %s', (path, speaks) => {
  expect(hintFor('server_error', { ...facts, path })?.includes('memory')).toBe(speaks);
});

test('a failure says where it happened', () => {
  expect(where(facts)).toBe('POST /api/chat at http://gpu:11434');
  expect(failureOf('reset', facts, 'body')).toEqual({
    code: 'reset',
    hint: hintFor('reset', facts),
    model: 'llama3.2',
    route: 'POST /api/chat',
    url: 'http://gpu:11434',
    phase: 'body',
  });
});
