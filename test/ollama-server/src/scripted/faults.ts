import type { Exchange } from '../wire/exchange.ts';
import { goJson, type JsonObject } from '../wire/json.ts';
import { type RawAnswer, raw } from './raw-answer.ts';
import { sampleLines } from './sample-lines.ts';
import type { RawReply } from './scripts.ts';
import { delay, type Gate, gate } from './steps.ts';

const ndjson = { 'Content-Type': 'application/x-ndjson' };
const json = { 'Content-Type': 'application/json; charset=utf-8' };
const html = { 'Content-Type': 'text/html' };
const text = { 'Content-Type': 'text/plain' };

/** A response with the correct lines for the route. */
const spoiled = (make: (begin: string[], end: string, exchange: Exchange) => Partial<RawAnswer>): RawReply =>
  raw((exchange) => {
    const { begin, end } = sampleLines(exchange.request);
    return { headers: ndjson, ...make(begin, end, exchange) };
  });

const whole = (status: number, body: string, headers: Record<string, string>) =>
  raw({ status, headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }, body: [body] });
const error = (status: number, message: string, extra: JsonObject = {}, headers: Record<string, string> = {}) =>
  whole(status, goJson({ error: message, ...extra }), { ...json, ...headers });

const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center></body>\r\n</html>\r\n`;

/** Network and server faults. Each is a reply for any route: `server.chat(faults.resetMidBody())`. */
const connectionFaults = {
  /** The connection breaks (RST) before any byte of a response. */
  resetBeforeHeaders: () => raw({ ending: 'reset' }),
  /** It breaks after two lines, or when the gate is released. */
  resetMidBody: (until?: Gate) => spoiled((begin) => ({ body: until ? [...begin, until] : begin, ending: 'reset' })),
  /** The server closes the connection in the middle of a chunked body, without its last chunk. */
  closeMidBody: () => spoiled((begin) => ({ body: begin, ending: 'cut' })),
  /** No byte arrives until the gate is released or the client disconnects. */
  stallBeforeHeaders: (until = gate()) =>
    spoiled((begin, end) => ({ body: [until, ...begin, end], headersFirst: false })),
  /** The headers arrive, then nothing. */
  stallAfterHeaders: (until = gate()) => spoiled((begin, end) => ({ body: [until, ...begin, end] })),
  /** Two lines arrive, then nothing. */
  stallMidStream: (until = gate()) => spoiled((begin, end) => ({ body: [...begin, until, end] })),
  /** A pause of some milliseconds before each line. */
  trickle: (milliseconds: number) =>
    spoiled((begin, end) => ({ body: [...begin, end].flatMap((line) => [delay(milliseconds), line]) })),
  /** A well-formed body that just stops: no `done`, no `success`. */
  cutWithoutDone: () => spoiled((begin) => ({ body: begin })),
  /** The same if only the closed connection marks the end of the body. */
  cutCloseDelimited: () => spoiled((begin) => ({ body: begin, framing: 'close-delimited' })),
  /** The body stops in the middle of a line. */
  cutMidLine: () => spoiled((begin) => ({ body: [begin[0]!, begin[1]!.slice(0, 20)] })),
};

const lineFaults = {
  errorLine: (message = 'an error was encountered while running the model: unexpected EOF') =>
    spoiled((begin) => ({ body: [...begin, `${goJson({ error: message })}\n`] })),
  badLine: (line = '{"message": oops}') => spoiled((begin, end) => ({ body: [begin[0]!, `${line}\n`, end] })),
  invalidUtf8: () =>
    spoiled((begin, end) => ({
      body: [
        Buffer.concat([Buffer.from('{"broken":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n')]),
        ...begin,
        end,
      ],
    })),
  /** One line of at least this many bytes: one piece for the parser, many for the socket. */
  longLine: (bytes: number) =>
    spoiled((begin, end) => ({ body: [begin[0]!.replace('"Hel"', () => `"${'a'.repeat(bytes)}"`), end] })),
  byteOrderMark: () => spoiled((begin, end) => ({ body: ['\ufeff', ...begin, end] })),
  crlf: () => spoiled((begin, end) => ({ body: [...begin, end].map((line) => line.replace('\n', '\r\n')) })),
  blankLines: () => spoiled((begin, end) => ({ body: [...begin, end].map((line) => `\n${line}\n`) })),
  noFinalNewline: () => spoiled((begin, end) => ({ body: [...begin, end.trimEnd()] })),
  dataAfterDone: (data = '{"error":"too late"}\n') => spoiled((begin, end) => ({ body: [...begin, end, data] })),
  /** The lines split every given number of bytes, each piece in its own write. */
  splitEvery: (bytes: number, lines?: string) =>
    spoiled((begin, end) => ({ body: pieces(Buffer.from(lines ?? [...begin, end].join('')), bytes) })),
  /** The complete response in one write. */
  allAtOnce: () => spoiled((begin, end) => ({ body: [[...begin, end].join('')] })),
};

const statusFaults = {
  errorInOk: (message = 'something went wrong') => error(200, message),
  /** llama-server's JSON inside the string, as Ollama passes it on. */
  nestedError: () =>
    error(
      400,
      goJson({
        error: {
          code: 400,
          message: 'request (10008 tokens) exceeds the available context size (512 tokens), try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 10_008,
          n_ctx: 512,
        },
      }),
    ),
  htmlBadGateway: () => whole(502, page('502 Bad Gateway'), html),
  htmlOk: () => whole(200, page('Sign in to the network'), html),
  /** The responses of Ollama's Host and Origin checks. */
  emptyForbidden: () => whole(403, '', {}),
  unauthorized: (signinUrl = 'https://ollama.com/connect?name=test&key=abc') =>
    error(401, 'unauthorized', { signin_url: signinUrl }),
  modelNotFound: (model = 'nope') => error(404, `model '${model}' not found`),
  routeNotFound: () => whole(404, '404 page not found', text),
  methodNotAllowed: () => whole(405, '405 method not allowed', { ...text, Allow: 'GET' }),
  rateLimited: (retryAfter = '1') => error(429, 'too many requests', {}, { 'Retry-After': retryAfter }),
  quotaExceeded: () =>
    error(
      429,
      'you (user) have reached your session usage limit, upgrade for higher limits: https://ollama.com/upgrade (ref: 0f1e2d3c)',
    ),
  serverBusy: () => error(503, 'server busy, please try again.  maximum pending requests exceeded'),
  serverError: (message = 'llama runner process has terminated: exit status 2') => error(500, message),
  redirect: (status: 301 | 302 | 303 | 307 | 308, location: string) =>
    raw({ status, headers: { Location: location, 'Content-Length': '0' } }),
};

export const faults = { ...connectionFaults, ...lineFaults, ...statusFaults };

function pieces(bytes: Buffer, length: number): Buffer[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length));
}
