import { expect, test } from 'vitest';
import { delay, faults, gate, raw, type ScriptedServer, startScripted } from '../src/index.ts';

const ask = (server: ScriptedServer, path = '/api/chat', init: RequestInit = {}) =>
  fetch(server.host + path, {
    method: 'POST',
    body: JSON.stringify({ model: 'chat-model', messages: [] }),
    redirect: 'manual',
    ...init,
  });

/** What a plain client receives from one faulty chat. */
async function seen(server: ScriptedServer) {
  const response = await ask(server);
  const reader = response.body!.getReader();
  const parts: Uint8Array[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { status: response.status, bytes: Buffer.concat(parts), broken: false };
      parts.push(value);
    }
  } catch {
    return { status: response.status, bytes: Buffer.concat(parts), broken: true };
  }
}
const lineCount = (bytes: Buffer) => bytes.toString().split('\n').filter(Boolean).length;

test('breaks the connection before the headers', async () => {
  await using server = await startScripted();
  server.chat(faults.resetBeforeHeaders());
  await expect(ask(server)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(await server.lastRequest.closed).toBe('cut');
});

test.each(['resetMidBody', 'closeMidBody'] as const)('%s breaks it after two lines', async (name) => {
  await using server = await startScripted();
  server.chat(faults[name]());
  const { bytes, broken } = await seen(server);
  expect([lineCount(bytes), broken]).toEqual([2, true]);
});

test.each(['stallBeforeHeaders', 'stallAfterHeaders', 'stallMidStream'] as const)(
  '%s waits for the gate, or until the client disconnects',
  async (name) => {
    await using server = await startScripted();
    const stop = gate();
    server.chat(faults[name](stop));
    const answer = seen(server);
    await stop.reached;
    stop.release();
    expect(lineCount((await answer).bytes)).toBe(3);

    const second = gate();
    server.chat(faults[name](second));
    const controller = new AbortController();
    const left = ask(server, '/api/chat', { signal: controller.signal }).then((response) => response.text());
    await second.reached;
    controller.abort();
    await expect(left).rejects.toThrow();
    expect(await server.lastRequest.closed).toBe('aborted');
  },
);

test.each(['cutWithoutDone', 'cutCloseDelimited'] as const)('%s looks complete to HTTP', async (name) => {
  await using server = await startScripted();
  server.chat(faults[name]());
  const { bytes, broken } = await seen(server);
  expect([lineCount(bytes), broken, bytes.includes('"done":true')]).toEqual([2, false, false]);
});

test('modifies lines', async () => {
  await using server = await startScripted();
  const text = async () => (await seen(server)).bytes;
  server
    .chat(faults.errorLine('boom'))
    .chat(faults.badLine())
    .chat(faults.longLine(300_000))
    .chat(faults.byteOrderMark());
  server.chat(faults.crlf()).chat(faults.noFinalNewline()).chat(faults.dataAfterDone()).chat(faults.invalidUtf8());
  expect(String(await text())).toMatch(/\{"error":"boom"\}\n$/);
  expect(String(await text())).toContain('\n{"message": oops}\n');
  expect((await text()).indexOf('\n')).toBeGreaterThan(300_000);
  expect((await text()).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(String(await text())).toMatch(/\}\r\n$/);
  expect(String(await text())).toMatch(/\}$/);
  expect(String(await text())).toMatch(/"done":true.*\n\{"error":"too late"\}\n$/);
  expect((await text()).includes(Buffer.from([0xc3, 0x28]))).toBe(true);
});

test('splits lines at any byte', async () => {
  await using server = await startScripted();
  server.chat(faults.splitEvery(1)).chat(faults.splitEvery(7)).chat(faults.allAtOnce()).chat(faults.trickle(1));
  for (let round = 0; round < 4; round++) expect(lineCount((await seen(server)).bytes)).toBe(3);
});

test.each([
  [faults.errorInOk('x'), 200, '{"error":"x"}'],
  [faults.nestedError(), 400, '{"error":"{\\"error\\":{\\"code\\":400,'],
  [faults.htmlBadGateway(), 502, '<html>'],
  [faults.htmlOk(), 200, '<html>'],
  [faults.emptyForbidden(), 403, ''],
  [
    faults.unauthorized(),
    401,
    '{"error":"unauthorized","signin_url":"https://ollama.com/connect?name=test\\u0026key=abc"}',
  ],
  [faults.modelNotFound('x'), 404, `{"error":"model 'x' not found"}`],
  [faults.routeNotFound(), 404, '404 page not found'],
  [faults.methodNotAllowed(), 405, '405 method not allowed'],
  [faults.rateLimited('3'), 429, '{"error":"too many requests"}'],
  [faults.quotaExceeded(), 429, '{"error":"you (user) have reached your session usage limit'],
  [faults.serverBusy(), 503, '{"error":"server busy, please try again.  maximum'],
  [faults.serverError(), 500, '{"error":"llama runner'],
  [faults.redirect(302, 'http://elsewhere.example/'), 302, ''],
])('answers what a server or something before it may answer (%#)', async (fault, status, start) => {
  await using server = await startScripted();
  server.on('POST /api/chat', fault);
  const response = await ask(server);
  const body = await response.text();
  expect(response.status).toBe(status);
  expect(body.slice(0, start.length)).toBe(start);
  if (status === 429) expect(response.headers.get('retry-after')).toBe(body.includes('many') ? '3' : null);
  if (status === 302) expect(response.headers.get('location')).toBe('http://elsewhere.example/');
});

test('pauses often in one response without a warning', async () => {
  await using server = await startScripted();
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.name);
  process.on('warning', note);
  server.chat(raw({ body: Array.from({ length: 40 }, () => [delay(0), 'x']).flat() }));
  expect(await (await ask(server)).text()).toBe('x'.repeat(40));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('sends lines of the requested route', async () => {
  await using server = await startScripted();
  server.pull(faults.cutWithoutDone()).generate(faults.cutWithoutDone());
  expect(await (await ask(server, '/api/pull')).text()).toContain('"completed":1000');
  expect(await (await ask(server, '/api/generate')).text()).toContain('"response":"Hel"');
});

test('leaves no socket behind', async () => {
  const server = await startScripted();
  server.chat(faults.stallMidStream());
  const response = await ask(server);
  expect(server.openSockets).toBe(1);
  await server.close();
  expect(server.openSockets).toBe(0);
  await expect(response.text()).rejects.toThrow();
  await expect(fetch(server.host)).rejects.toThrow();
});
