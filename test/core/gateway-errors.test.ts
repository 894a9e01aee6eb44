import { createOllama } from '@ollama-toolbelt/core/node';
import { raw, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';

const json = 'application/json';

/** A response of a proxy in front of Ollama, and the error it becomes. */
type Row = readonly [from: string, status: number, type: string | undefined, body: string, code: string, says: RegExp];

const notFound = 'model_not_found';
const rows: readonly Row[] = [
  ['Open WebUI', 400, json, '{"detail":"Not authenticated"}', 'bad_request', /^Not authenticated \(/],
  ['Open WebUI', 404, json, '{"detail":"Model not found"}', notFound, /^Model not found \(/],
  [
    'Open WebUI, passing Ollama on',
    404,
    json,
    `{"detail":"Ollama: model 'm' not found"}`,
    notFound,
    /^Ollama: model 'm' not found/,
  ],
  ['FastAPI', 404, json, '{"detail":"Not Found"}', 'not_found', /^Not Found \(/],
  [
    'FastAPI',
    422,
    json,
    '{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required","input":{"p":"SECRET"}}]}',
    'bad_request',
    /^body\.model: Field required \(/,
  ],
  [
    'FastAPI, two',
    422,
    json,
    '{"detail":[{"loc":["a"],"msg":"x"},{"loc":["b",0],"msg":"y"}]}',
    'bad_request',
    /^a: x; b\.0: y \(/,
  ],
  [
    'LiteLLM',
    400,
    json,
    '{"error":{"message":"litellm.BadRequestError: no key","type":null,"param":null,"code":"400"}}',
    'bad_request',
    /^litellm\.BadRequestError: no key \(/,
  ],
  [
    'LiteLLM',
    404,
    json,
    '{"error":{"message":"The model `m` does not exist","code":"model_not_found"}}',
    notFound,
    /^The model `m` does not exist/,
  ],
  ['LiteLLM', 400, json, '{"error":{"message":"gone","code":"model_not_found"}}', notFound, /^gone \(/],
  [
    'LiteLLM, JSON in the message',
    400,
    json,
    '{"error":{"message":"{\\"error\\":\\"the inner words\\"}"}}',
    'bad_request',
    /^the inner words \(/,
  ],
  [
    'llama-swap',
    404,
    'text/plain',
    'could not find real modelID for m: no such model',
    notFound,
    /^could not find real modelID/,
  ],
  ['Kong', 404, json, '{"message":"no Route matched with those values"}', 'not_found', /^no Route matched/],
  ['AWS', 403, json, '{"message":"Forbidden"}', 'forbidden', /^Forbidden \(/],
  [
    'NestJS',
    404,
    json,
    '{"statusCode":404,"message":"Cannot POST /api/chat","error":"Not Found"}',
    'not_found',
    /^Not Found: Cannot POST \/api\/chat \(/,
  ],
  [
    'OAuth',
    401,
    json,
    '{"error":"invalid_token","error_description":"The token expired"}',
    'unauthorized',
    /^invalid_token: The token expired/,
  ],
  [
    'problem+json',
    400,
    'application/problem+json',
    '{"type":"about:blank","title":"Bad Request","status":400,"detail":"no tenant"}',
    'bad_request',
    /^Bad Request: no tenant \(/,
  ],
  [
    'problem+json',
    503,
    'application/problem+json',
    '{"title":"Service Unavailable"}',
    'server_busy',
    /^Service Unavailable \(/,
  ],
  [
    'Cloudflare',
    400,
    json,
    '{"success":false,"errors":[{"code":1000,"message":"not a valid endpoint"}]}',
    'bad_request',
    /^not a valid endpoint \(/,
  ],
  [
    'Cloudflare',
    524,
    'text/html',
    '<!DOCTYPE html><html><head><TITLE lang="en">x | 524: A timeout\n occurred</TITLE>',
    'server_error',
    /^a web page, "x \| 524: A timeout occurred" \(/,
  ],
  [
    'Google',
    400,
    json,
    '[{"error":{"code":400,"message":"API key not valid"}}]',
    'bad_request',
    /^API key not valid \(/,
  ],
  [
    'nginx',
    413,
    'text/html',
    '<html><head><title>413 Request Entity Too Large</title></head>',
    'bad_request',
    /413 Request Entity Too Large/,
  ],
  ['nginx', 404, 'text/html', '<html><head><title>404 Not Found</title></head>', 'wrong_server', /404 Not Found/],
  ['Traefik', 502, 'text/plain; charset=utf-8', 'Bad Gateway', 'server_error', /^Bad Gateway \(/],
  [
    'Envoy, without a type',
    503,
    undefined,
    'upstream connect error or disconnect/reset before headers',
    'server_busy',
    /^upstream connect error/,
  ],
  [
    'an object store',
    403,
    'application/xml',
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    'forbidden',
    /^Access Denied \(/,
  ],
  ['nothing at all', 400, undefined, '', 'bad_request', /^The server gave no reason \(/],
  ['JSON without words', 500, json, '{"a":1,"b":[[]]}', 'server_error', /^The server gave no reason \(/],
  [
    'what is nested too deep',
    500,
    json,
    `{"error":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    'server_error',
    /^(an error that is nested|\[\[)/,
  ],
];

async function failure(status: number, type: string | undefined, body: string) {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host, retry: false });
  const headers: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
  server.on('POST /api/chat', raw({ status, headers, body: [body] }));
  return await failureOf(ollama.chat({ model: 'm', messages: [{ role: 'user', content: 'Hello!' }] }));
}

test.each(rows)('%s, status %d', async (_, status, type, body, code, says) => {
  const error = await failure(status, type, body);
  expect(error).toMatchObject({ code, status });
  expect(error.message).toMatch(says);
  expect(error.message).not.toContain('SECRET');
});

test.each([
  [403, undefined, '', /OLLAMA_ORIGINS/],
  [403, 'text/html', '<title>Attention Required! | Cloudflare</title>', /firewall/],
  [403, json, '{"message":"Forbidden"}', /firewall/],
  [403, json, '{"error":"this model requires a subscription"}', undefined],
  [407, 'text/plain', 'Proxy Authentication Required', /name and a password/],
  [413, undefined, '', /client_max_body_size/],
  [504, undefined, '', /proxy_read_timeout/],
  [524, undefined, '', /100 seconds/],
])('the hint for a %d with type %s and body %j', async (status, type, body, hint) => {
  const error = await failure(status, type, body);
  if (hint === undefined) expect(error.hint).toBeUndefined();
  else expect(error.hint).toMatch(hint);
});

test.each([
  ['{"error":"invalid key sk-abcdefgh12345678"}', 'sk-abcdefgh'],
  ['{"detail":"Bearer abcdef0123456789 is not known"}', 'abcdef0123456789'],
  ['{"message":"cannot reach http://me:hunter2@upstream/"}', 'hunter2'],
  ['{"message":"api_key=hunter2hunter2 is wrong"}', 'hunter2'],
  ['{"message":"\\u001b[31mred\\u001b[0m\\u202e"}', '\u001b'],
])('what a server repeats of a key is not shown: %s', async (body, hidden) => {
  const error = await failure(400, json, body);
  expect(error.message).not.toContain(hidden);
  expect(error.message).not.toContain('\u202e');
});

test('the work does not grow with the size of an error page', async () => {
  const cpuMs = async (blocks: number) => {
    const before = process.cpuUsage();
    await failure(502, 'text/html', '<title '.repeat(blocks));
    const { user } = process.cpuUsage(before);
    return user / 1000;
  };
  await cpuMs(10);
  // 2,300 ms when each block searched the rest of the page.
  expect(await cpuMs(9000)).toBeLessThan(500);
});

test.each([
  [200, 'TEXT/HTML; charset=utf-8', '<html>'],
  [204, undefined, ''],
  [206, json, '{}'],
])('an answer of status %i and type %s is not Ollama\u2019s', async (status, type, body) => {
  const error = await failure(status, type, body);
  expect(error).toMatchObject({ code: 'wrong_server', status, hint: expect.stringContaining('other than Ollama') });
});
