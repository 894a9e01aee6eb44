import {
  type ErrorCode,
  OllamaConnectionError,
  type OllamaError,
  OllamaHttpError,
  OllamaStreamError,
} from '@ollama-toolbelt/core';
import {
  faults,
  type RawAnswer,
  raw,
  replyJson,
  type ScriptedServer,
  startScripted,
} from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { calls, chunksOf, type OperationCall, streamingCalls, wholeCalls } from './calls.ts';
import { transports } from './clients.ts';
import { failureOf } from './failure.ts';
import { secret } from './secrets.ts';

type Reply = Parameters<ScriptedServer['on']>[1];
type ErrorClass = new (...args: never) => OllamaError;

interface Fault {
  name: string;
  reply: () => Reply;
  class: ErrorClass;
  code: ErrorCode;
  phase: 'firstByte' | 'body';
  retryable?: boolean;
  status?: number;
  message: RegExp;
  /** What else the error holds. */
  also?: object;
  /** How many of the two lines before the fault had come. */
  lines?: 1 | 2;
}

const json = { 'Content-Type': 'application/json; charset=utf-8' };
const body = (text: string, answer: RawAnswer = {}): Reply => raw({ headers: json, body: [text], ...answer });

/** What a server or something before it may answer to anything. */
const anywhere: readonly Fault[] = [
  {
    name: 'a reset before any byte',
    reply: () => faults.resetBeforeHeaders(),
    class: OllamaConnectionError,
    code: 'reset',
    phase: 'firstByte',
    message: /closed before the answer was complete/,
  },
  {
    name: 'an error in a 200',
    reply: () => faults.errorInOk('something went wrong'),
    class: OllamaStreamError,
    code: 'stream_error',
    phase: 'body',
    message: /^something went wrong /,
  },
  {
    name: "llama-server's JSON inside the error",
    reply: () => faults.nestedError(),
    class: OllamaHttpError,
    code: 'context_exceeded',
    phase: 'firstByte',
    status: 400,
    message: /^request \(10008 tokens\) exceeds the available context size \(512 tokens\), try increasing it /,
  },
  {
    name: 'an error of the form of /v1',
    reply: () =>
      body('{"error":{"message":"no such thing","type":"api_error","param":null,"code":null}}', { status: 400 }),
    class: OllamaHttpError,
    code: 'bad_request',
    phase: 'firstByte',
    status: 400,
    message: /^no such thing /,
  },
  {
    name: 'a page with status 502',
    reply: () => faults.htmlBadGateway(),
    class: OllamaHttpError,
    code: 'server_error',
    phase: 'firstByte',
    status: 502,
    retryable: true,
    message: /^a web page, "502 Bad Gateway" \(status 502, /,
  },
  {
    name: 'a page with status 200',
    reply: () => faults.htmlOk(),
    class: OllamaHttpError,
    code: 'wrong_server',
    phase: 'firstByte',
    status: 200,
    message: /no JSON of Ollama's: a web page, "Sign in to the network"/,
  },
  {
    name: 'an empty 403',
    reply: () => faults.emptyForbidden(),
    class: OllamaHttpError,
    code: 'forbidden',
    phase: 'firstByte',
    status: 403,
    message: /^Status 403 without a word /,
  },
  {
    name: 'a 401 with an address to sign in',
    reply: () => faults.unauthorized('https://ollama.com/connect?name=test'),
    class: OllamaHttpError,
    code: 'unauthorized',
    phase: 'firstByte',
    status: 401,
    message: /^unauthorized /,
    also: { signinUrl: 'https://ollama.com/connect?name=test' },
  },
  {
    name: 'an unknown route',
    reply: () => faults.routeNotFound(),
    class: OllamaHttpError,
    code: 'not_found',
    phase: 'firstByte',
    status: 404,
    message: /^404 page not found /,
  },
  {
    name: 'a page that is not found',
    reply: () => raw({ status: 404, headers: { 'Content-Type': 'text/html' }, body: ['<!doctype html><p>No.'] }),
    class: OllamaHttpError,
    code: 'wrong_server',
    phase: 'firstByte',
    status: 404,
    message: /^a web page \(status 404, /,
  },
  {
    name: 'a wrong method',
    reply: () => faults.methodNotAllowed(),
    class: OllamaHttpError,
    code: 'unsupported',
    phase: 'firstByte',
    status: 405,
    message: /^405 method not allowed /,
  },
  {
    name: 'a 429 with Retry-After',
    reply: () => faults.rateLimited('7'),
    class: OllamaHttpError,
    code: 'rate_limited',
    phase: 'firstByte',
    status: 429,
    retryable: true,
    message: /^too many requests /,
    also: { retryAfterMs: 7000 },
  },
  {
    name: 'a spent quota',
    reply: () => faults.quotaExceeded(),
    class: OllamaHttpError,
    code: 'quota_exceeded',
    phase: 'firstByte',
    status: 429,
    message: /^you \(user\) have reached your session usage limit/,
  },
  {
    name: 'a busy server',
    reply: () => faults.serverBusy(),
    class: OllamaHttpError,
    code: 'server_busy',
    phase: 'firstByte',
    status: 503,
    retryable: true,
    message: /^server busy, please try again\. {2}maximum pending requests exceeded /,
  },
  {
    name: 'a 500',
    reply: () => faults.serverError(),
    class: OllamaHttpError,
    code: 'server_error',
    phase: 'firstByte',
    status: 500,
    message: /^llama runner process has terminated: exit status 2 /,
  },
  {
    name: 'invalid UTF-8',
    reply: () => raw({ headers: json, body: [Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d, 0x0a])] }),
    class: OllamaStreamError,
    code: 'bad_line',
    phase: 'body',
    message: /no valid UTF-8/,
  },
  {
    name: 'an answer that is no JSON',
    reply: () => body('{"status": oops}\n'),
    class: OllamaStreamError,
    code: 'bad_line',
    phase: 'body',
    message: /^Line 1 of the answer is no JSON \(\d+ characters\)/,
  },
  {
    name: 'an answer that is no object',
    reply: () => body('[{"status":"success","done":true}]\n'),
    class: OllamaStreamError,
    code: 'bad_line',
    phase: 'body',
    message: /no JSON object/,
  },
  {
    name: 'an answer that is cut off, with its end marked by chunks',
    reply: () => body('{"models":[{"name":"a'),
    class: OllamaStreamError,
    code: 'truncated',
    phase: 'body',
    message: /ended before it was complete/,
  },
  {
    name: 'an answer that is cut off, with its end marked by the connection',
    reply: () => body('{"models":[{"name":"a"}', { framing: 'close-delimited' }),
    class: OllamaStreamError,
    code: 'truncated',
    phase: 'body',
    message: /ended before it was complete/,
  },
  {
    name: 'a reset in the body',
    reply: () => body('{"models":[{"name":"a"}', { ending: 'reset' }),
    class: OllamaConnectionError,
    code: 'reset',
    phase: 'body',
    message: /closed before the answer was complete/,
  },
  {
    name: 'a connection that ends in the body',
    reply: () => body('{"models":[{"name":"a"}', { ending: 'cut' }),
    class: OllamaConnectionError,
    code: 'reset',
    phase: 'body',
    message: /closed before the answer was complete/,
  },
  {
    name: 'an answer that is too long',
    reply: () => body(`{"response":"${'a'.repeat(2000)}","done":true}\n`),
    class: OllamaStreamError,
    code: 'line_too_long',
    phase: 'body',
    message: /longer than 1000 bytes \(maxLineBytes\)/,
  },
  ...[301, 302, 307, 308].map(
    (status): Fault => ({
      name: `a redirect ${status}`,
      reply: () => faults.redirect(status as 301, 'https://user:pass@elsewhere.example/api?x=1'),
      class: OllamaHttpError,
      code: 'redirect',
      phase: 'firstByte',
      status,
      message: /redirects to https:\/\/elsewhere\.example\/api\?x=1 .*not followed/,
    }),
  ),
];

/** What goes wrong in a stream after it has begun well. */
const midStream: readonly Fault[] = [
  {
    name: 'a reset',
    reply: () => faults.resetMidBody(),
    class: OllamaConnectionError,
    code: 'reset',
    phase: 'body',
    message: /closed before the answer was complete/,
    lines: 2,
  },
  {
    name: 'a connection that ends',
    reply: () => faults.closeMidBody(),
    class: OllamaConnectionError,
    code: 'reset',
    phase: 'body',
    message: /closed before the answer was complete/,
    lines: 2,
  },
  {
    name: 'an end without the last line',
    reply: () => faults.cutWithoutDone(),
    class: OllamaStreamError,
    code: 'truncated',
    phase: 'body',
    message: /ended before it was complete/,
    lines: 2,
  },
  {
    name: 'an end of the connection without the last line',
    reply: () => faults.cutCloseDelimited(),
    class: OllamaStreamError,
    code: 'truncated',
    phase: 'body',
    message: /ended before it was complete/,
    lines: 2,
  },
  {
    name: 'an end in a line',
    reply: () => faults.cutMidLine(),
    class: OllamaStreamError,
    code: 'truncated',
    phase: 'body',
    message: /ended before it was complete/,
    lines: 1,
  },
  {
    name: 'an error line',
    reply: () => faults.errorLine(),
    class: OllamaStreamError,
    code: 'stream_error',
    phase: 'body',
    message: /^an error was encountered while running the model: unexpected EOF /,
    lines: 2,
  },
  {
    name: 'a line that is no JSON',
    reply: () => faults.badLine('{"message": oops}'),
    class: OllamaStreamError,
    code: 'bad_line',
    phase: 'body',
    message: /^Line 2 of the answer is no JSON \(17 characters\)/,
    lines: 1,
  },
  {
    name: 'a line that is too long',
    reply: () => raw({ headers: json, body: ['{"status":"a","done":false}\n', `"${'é'.repeat(501)}"\n`] }),
    class: OllamaStreamError,
    code: 'line_too_long',
    phase: 'body',
    message: /longer than 1000 bytes \(maxLineBytes\)/,
  },
];

/** Streams that are unusual and right. */
const harmless = [
  ['a byte order mark', () => faults.byteOrderMark()],
  ['CRLF', () => faults.crlf()],
  ['blank lines', () => faults.blankLines()],
  ['no last line end', () => faults.noFinalNewline()],
  ['data after the last line', () => faults.dataAfterDone()],
  ['rubbish after the last line', () => faults.dataAfterDone('<html>\ufffd{{{')],
  ['all of it at once', () => faults.allAtOnce()],
  ['pieces of 7 bytes', () => faults.splitEvery(7)],
] as const;

const modelNotFound: Fault = {
  name: 'an unknown model',
  reply: () => faults.modelNotFound('chat-model'),
  class: OllamaHttpError,
  code: 'model_not_found',
  phase: 'firstByte',
  status: 404,
  message: /^model 'chat-model' not found \(status 404, /,
};

describe.each(transports)('on $transport', ({ createOllama }) => {
  /** Plays a fault to both forms of an operation and holds the errors to what is promised. */
  async function expectFailures(fault: Fault, call: OperationCall): Promise<void> {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, apiKey: secret.key, retry: false, maxLineBytes: 1000 });
    for (const form of [call.whole, call.stream]) {
      if (form === undefined) continue;
      server.on(`${call.method} ${call.path}` as Parameters<ScriptedServer['on']>[0], fault.reply());
      const error = await failureOf(form(ollama));
      expect(error).toBeInstanceOf(fault.class);
      expect(error).toMatchObject({
        code: fault.code,
        phase: fault.phase,
        retryable: fault.retryable ?? false,
        ...(fault.status && { status: fault.status }),
        ...fault.also,
      });
      expect(error.message).toMatch(fault.message);
      expect(error.message).toContain(`${call.method} ${call.path} at ${server.host}`);
      if (fault.code !== 'bad_request') expect(error.hint).toMatch(/\.$/);
      if (call.body) expect(error.model).toMatch(/-model$/);
      if (fault.lines) expectPartial(error, call, fault.lines);
      // One request, and nothing of it is left.
      expect(server.requests).toHaveLength(1);
      await server.allClosed();
      server.reset();
    }
  }

  describe.each(calls)('$name', (call) => {
    test.each(anywhere)('$name', (fault) => expectFailures(fault, call));
  });

  describe.each(streamingCalls)('$name', (call) => {
    test.each(midStream)('in the middle: $name', (fault) => expectFailures(fault, call));
    test.each([modelNotFound])('$name', (fault) => expectFailures(fault, call));

    test.each(harmless)('nothing is wrong with %s', async (_, reply) => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host, retry: false });
      server.on(`${call.method} ${call.path}` as Parameters<ScriptedServer['on']>[0], reply());
      const chunks = await chunksOf(call.stream(ollama));
      expect(chunks).toHaveLength(3);
      server.on(`${call.method} ${call.path}` as Parameters<ScriptedServer['on']>[0], reply());
      const answer = await call.whole(ollama);
      expect(answer).toMatchObject(isProgress(call) ? { status: 'success' } : { done: true, ...hello(call) });
      await server.allClosed();
    });
  });

  test.each(wholeCalls)('$name: an empty 200', async (call) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    server.on(`${call.method} ${call.path}` as Parameters<ScriptedServer['on']>[0], body(''));
    if (call.name === 'copy' || call.name === 'delete') expect(await call.whole(ollama)).toEqual({});
    else expect(await failureOf(call.whole(ollama))).toMatchObject({ code: 'truncated', phase: 'body' });
  });

  test('the hint for an unknown model names it', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const unknown = { model: 'no-such:1b' };
    for (const call of [
      () => ollama.chat({ ...unknown, messages: [] }),
      () => ollama.generate(unknown),
      () => ollama.embed({ ...unknown, input: 'a' }),
      () => ollama.embeddings({ ...unknown, prompt: 'a' }),
      () => ollama.show(unknown),
      () => ollama.show({ name: 'no-such:1b' }),
      () => ollama.delete(unknown),
      () => ollama.copy({ source: 'no-such:1b', destination: 'b' }),
    ]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ code: 'model_not_found', status: 404, model: 'no-such:1b', retryable: false });
      expect(error.hint).toContain('ollama pull no-such:1b');
    }
  });

  test('a pull of a model that the registry does not have', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.pull([{ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }]);
    expect(await failureOf(ollama.pull({ model: 'no-such' }))).toMatchObject({
      name: 'OllamaStreamError',
      code: 'model_not_found',
      partial: { status: 'pulling manifest' },
    });
  });

  test('Retry-After may be a date', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    server.on('GET /api/tags', faults.rateLimited(new Date(Date.now() + 60_000).toUTCString()));
    const { retryAfterMs } = (await failureOf(ollama.list())) as OllamaHttpError;
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    server.on('GET /api/tags', faults.rateLimited('soon'));
    expect(await failureOf(ollama.list())).toMatchObject({ retryAfterMs: undefined });
  });

  test('a redirect is never followed, so the key goes nowhere else', async () => {
    await using elsewhere = await startScripted();
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, apiKey: secret.key });
    for (const status of [301, 302, 303, 307, 308] as const) {
      server.on('POST /api/show', faults.redirect(status, `${elsewhere.host}/api/show`));
      const error = await failureOf(ollama.show({ model: 'chat-model' }));
      expect(error).toMatchObject({ code: 'redirect', status, hint: expect.stringContaining('OLLAMA_HOST') });
      expect(error.message).toContain(elsewhere.host);
    }
    expect(elsewhere.requests).toHaveLength(0);
  });

  test('an error field without an error is none', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.version({ version: '1.2.3', error: null }).on('GET /api/status', replyJson({ error: '' }));
    expect(await ollama.version()).toEqual({ version: '1.2.3', error: null });
    expect(await ollama.status()).toEqual({ error: '' });
  });

  test('a long error is cut short', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.on('GET /api/tags', faults.serverError('x'.repeat(100_000)));
    const error = await failureOf(ollama.list());
    expect(error).toMatchObject({ code: 'server_error', status: 500 });
    expect(error.message.length).toBeLessThan(700);
    await server.allClosed();
  });
});

const isProgress = ({ path }: OperationCall) => path !== '/api/chat' && path !== '/api/generate';

const hello = ({ path }: OperationCall) =>
  path === '/api/chat' ? { message: { content: 'Hello' } } : { response: 'Hello' };

/** What had come before the fault is in the error, in the shape of an answer. */
function expectPartial({ partial }: OllamaError, call: OperationCall, lines: 1 | 2): void {
  const text = lines === 1 ? 'Hel' : 'Hello';
  if (call.path === '/api/chat') expect(partial).toMatchObject({ message: { content: text }, done: false });
  else if (call.path === '/api/generate') expect(partial).toMatchObject({ response: text, done: false });
  else expect(partial).toMatchObject(lines === 1 ? { status: 'pulling manifest' } : { completed: 1000 });
}
