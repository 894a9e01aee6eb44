import { type AnyReply, faults, type RawAnswer, raw } from '@ollama-toolbelt/ollama-server';
import { connection, type Fault, http, inStream, timeout } from './fault.ts';

const json = { 'Content-Type': 'application/json; charset=utf-8' };
const body = (text: string, answer: RawAnswer = {}): AnyReply => raw({ headers: json, body: [text], ...answer });

const closed = /^The connection was closed before the answer was complete \(/;
const lookAtLog = /crashed or restarted: look at its log/;
const ended = /^The answer ended before it was complete \(/;
const cutOff = /^The answer was cut off\. Try again/;
const inBetween = /Something in between may have changed the answer/;
const tooLong = /^A line of the answer is longer than 1000 bytes \(maxLineBytes\)/;
const raiseLimit = /Raise maxLineBytes/;
const serverLog = /Look at the log of the server/;
const otherServer = /Something other than Ollama answers there/;
/** Milliseconds to wait for what never comes. */
const never = 30;
/** And where two lines have to come first. */
const late = 200;

/** No server to talk to. */
export const unreachable: readonly Fault[] = [
  {
    name: 'nothing listens there',
    unreachable: 'refused',
    told: connection('refused', 'connect', /^Nothing accepts connections there \(ECONNREFUSED; /, /ollama serve/),
  },
  {
    name: 'the host name cannot be resolved',
    unreachable: 'dns',
    told: connection('dns', 'connect', /^The host name cannot be resolved \(ENOTFOUND; /, /host name in OLLAMA_HOST/),
  },
  {
    name: 'the certificate is not trusted',
    unreachable: 'tls',
    told: connection('tls', 'connect', /^No secure connection can be made \([A-Z_]+; /, /Check the certificate/),
  },
];

/** What happens to a connection before an answer begins. */
export const withoutAnswer: readonly Fault[] = [
  {
    name: 'the connection breaks before any byte of an answer',
    reply: () => faults.resetBeforeHeaders(),
    told: connection('reset', 'firstByte', closed, lookAtLog),
  },
  {
    name: 'no answer begins in time',
    reply: () => faults.stallBeforeHeaders(),
    timeouts: { firstByteMs: never },
    stalls: true,
    told: timeout('firstByte', /^No answer began within 30 ms \(timeouts\.firstByteMs; /, /load the model first/),
  },
  {
    name: 'the call is not complete in time',
    reply: () => faults.stallBeforeHeaders(),
    timeouts: { totalMs: never },
    stalls: true,
    told: timeout('total', /^The call was not complete within 30 ms \(timeouts\.totalMs; /, /timeouts\.totalMs/),
  },
];

/** What a server, or something before it, answers with its status. */
export const statuses: readonly Fault[] = [
  {
    name: "llama-server's JSON inside the error",
    reply: () => faults.nestedError(),
    told: http(
      400,
      'context_exceeded',
      /^request \(10008 tokens\) exceeds the available context size \(512 tokens\), try increasing it \(status 400, /,
      /num_ctx/,
    ),
  },
  {
    name: 'an error of the form of /v1',
    reply: () => body('{"error":{"message":"no such thing","type":"api_error","code":null}}', { status: 400 }),
    told: http(400, 'bad_request', /^no such thing \(status 400, /, undefined),
  },
  {
    name: 'a 401 with an address to sign in',
    reply: () => faults.unauthorized('https://ollama.com/connect?name=test'),
    told: http(401, 'unauthorized', /^unauthorized \(status 401, /, /OLLAMA_API_KEY/, {
      also: { signinUrl: 'https://ollama.com/connect?name=test' },
    }),
  },
  {
    name: 'an empty 403',
    reply: () => faults.emptyForbidden(),
    told: http(403, 'forbidden', /^Status 403 without a word \(status 403, /, /OLLAMA_ORIGINS/),
  },
  {
    name: 'an unknown route',
    reply: () => faults.routeNotFound(),
    told: http(404, 'not_found', /^404 page not found \(status 404, /, /this route does not exist there/),
  },
  {
    name: 'a web page with status 404',
    reply: () => raw({ status: 404, headers: { 'Content-Type': 'text/html' }, body: ['<!doctype html><p>No.'] }),
    told: http(404, 'wrong_server', /^a web page \(status 404, /, otherServer),
  },
  {
    name: 'a method that the route does not take',
    reply: () => faults.methodNotAllowed(),
    told: http(405, 'unsupported', /^405 method not allowed \(status 405, /, /version of the server/),
  },
  {
    name: 'a 429 with Retry-After',
    reply: () => faults.rateLimited('7'),
    told: http(429, 'rate_limited', /^too many requests \(status 429, /, /Wait a moment/, {
      retryable: true,
      also: { retryAfterMs: 7000 },
    }),
  },
  {
    name: 'a spent quota',
    reply: () => faults.quotaExceeded(),
    told: http(429, 'quota_exceeded', /^you \(user\) have reached your session usage limit/, /until it resets/),
  },
  {
    name: 'a 500',
    reply: () => faults.serverError(),
    told: http(500, 'server_error', /^llama runner process has terminated: exit status 2 \(status 500, /, serverLog),
  },
  {
    name: 'a web page with status 502',
    reply: () => faults.htmlBadGateway(),
    told: http(502, 'server_error', /^a web page, "502 Bad Gateway" \(status 502, /, serverLog, { retryable: true }),
  },
  {
    name: 'a busy server',
    reply: () => faults.serverBusy(),
    told: http(
      503,
      'server_busy',
      /^server busy, please try again\. {2}maximum pending requests/,
      /try again shortly/,
      {
        retryable: true,
      },
    ),
  },
  ...([301, 302, 307, 308] as const).map(
    (status): Fault => ({
      name: `a redirect with status ${status}`,
      reply: () => faults.redirect(status, 'https://user:pass@elsewhere.example/api?x=1'),
      told: http(
        status,
        'redirect',
        /^The server redirects to https:\/\/elsewhere\.example\/api\?x=1 \(status 30\d, .*; it is not followed\.$/,
        /Set OLLAMA_HOST to the address/,
      ),
    }),
  ),
];

/** A good status with a body that is none of Ollama's, or not all of it. */
export const bodies: readonly Fault[] = [
  {
    name: 'a web page with status 200',
    reply: () => faults.htmlOk(),
    told: http(200, 'wrong_server', /no JSON of Ollama's: a web page, "Sign in to the network" \(/, otherServer),
  },
  {
    name: 'an error with status 200',
    reply: () => faults.errorInOk('something went wrong'),
    told: inStream('stream_error', /^something went wrong \(/, serverLog),
  },
  {
    name: 'an answer that is no JSON',
    reply: () => body('{"status": oops}\n'),
    told: inStream('bad_line', /^Line 1 of the answer is no JSON \(\d+ characters\)/, inBetween),
  },
  {
    name: 'an answer that is no object',
    reply: () => body('[{"status":"success","done":true}]\n'),
    told: inStream('bad_line', /^A line of the answer is no JSON object \(/, inBetween),
  },
  {
    name: 'an answer that is no valid UTF-8',
    reply: () => raw({ headers: json, body: [Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d, 0x0a])] }),
    told: inStream('bad_line', /^The answer is no valid UTF-8 \(/, inBetween),
  },
  {
    name: 'an answer that is too long',
    reply: () => body(`{"response":"${'a'.repeat(2000)}","done":true}\n`),
    told: inStream('line_too_long', tooLong, raiseLimit),
  },
  {
    name: 'an answer that stops in the middle',
    reply: () => body('{"models":[{"name":"a'),
    told: inStream('truncated', ended, cutOff),
  },
  {
    name: 'an answer that stops in the middle, whose end only the closed connection marks',
    reply: () => body('{"models":[{"name":"a"}', { framing: 'close-delimited' }),
    told: inStream('truncated', ended, cutOff),
  },
  {
    name: 'the connection breaks in the body',
    reply: () => body('{"models":[{"name":"a"}', { ending: 'reset' }),
    told: connection('reset', 'body', closed, lookAtLog),
  },
  {
    name: 'the server closes the connection in the body',
    reply: () => body('{"models":[{"name":"a"}', { ending: 'cut' }),
    told: connection('reset', 'body', closed, lookAtLog),
  },
  {
    name: 'the headers come, then nothing in time',
    reply: () => faults.stallAfterHeaders(),
    timeouts: { idleMs: never },
    stalls: true,
    told: timeout('idle', /^The answer fell silent for 30 ms \(timeouts\.idleMs; /, /timeouts\.idleMs/),
  },
];

/** What goes wrong in a stream after two lines have come well, or one. */
export const midStream: readonly Fault[] = [
  {
    name: 'the connection breaks in the middle of a stream',
    reply: () => faults.resetMidBody(),
    lines: 2,
    told: connection('reset', 'body', closed, lookAtLog),
  },
  {
    name: 'the server closes the connection in the middle of a stream',
    reply: () => faults.closeMidBody(),
    lines: 2,
    told: connection('reset', 'body', closed, lookAtLog),
  },
  {
    name: 'a stream falls silent',
    reply: () => faults.stallMidStream(),
    timeouts: { idleMs: late },
    stalls: true,
    lines: 2,
    told: timeout('idle', /^The answer fell silent for 200 ms \(timeouts\.idleMs; /, /timeouts\.idleMs/),
  },
  {
    name: 'a stream ends without its last line',
    reply: () => faults.cutWithoutDone(),
    lines: 2,
    told: inStream('truncated', ended, cutOff),
  },
  {
    name: 'a stream ends without its last line, and only the closed connection marks its end',
    reply: () => faults.cutCloseDelimited(),
    lines: 2,
    told: inStream('truncated', ended, cutOff),
  },
  {
    name: 'a stream ends in the middle of a line',
    reply: () => faults.cutMidLine(),
    lines: 1,
    told: inStream('truncated', ended, cutOff),
  },
  {
    name: 'an error line in the middle of a stream',
    reply: () => faults.errorLine(),
    lines: 2,
    told: inStream('stream_error', /^an error was encountered while running the model: unexpected EOF \(/, serverLog),
  },
  {
    name: 'a line of a stream is no JSON',
    reply: () => faults.badLine('{"message": oops}'),
    lines: 1,
    told: inStream('bad_line', /^Line 2 of the answer is no JSON \(17 characters\)/, inBetween),
  },
  {
    name: 'a line of a stream is too long',
    reply: () => raw({ headers: json, body: ['{"status":"a","done":false}\n', `"${'é'.repeat(501)}"\n`] }),
    told: inStream('line_too_long', tooLong, raiseLimit),
  },
];

/** Said about the model that was asked for. */
export const unknownModel: Fault = {
  name: 'a model that is not installed',
  reply: () => faults.modelNotFound('chat-model'),
  told: http(404, 'model_not_found', /^model 'chat-model' not found \(status 404, /, /ollama pull /),
};

/** Streams that are unusual and right. */
export const harmless: readonly { name: string; reply: () => AnyReply }[] = [
  { name: 'a byte order mark', reply: () => faults.byteOrderMark() },
  { name: 'CRLF line ends', reply: () => faults.crlf() },
  { name: 'blank lines', reply: () => faults.blankLines() },
  { name: 'no line end after the last line', reply: () => faults.noFinalNewline() },
  { name: 'data after the last line', reply: () => faults.dataAfterDone() },
  { name: 'rubbish after the last line', reply: () => faults.dataAfterDone('<html>\ufffd{{{') },
  { name: 'all of it at once', reply: () => faults.allAtOnce() },
  { name: 'pieces of 7 bytes, characters cut too', reply: () => faults.splitEvery(7) },
];
