import type { ServerResponse } from 'node:http';
import type { Exchange } from '../wire/exchange.ts';
import { RawReply } from './scripts.ts';
import { isPause, type Pause } from './steps.ts';

/** A response byte by byte. */
export interface RawAnswer {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** Each piece is its own write. */
  body?: readonly (string | Uint8Array | Pause)[];
  /** Whether the headers are sent before the first piece of the body; true by default. */
  headersFirst?: boolean;
  /** Without a length and without chunks, the body ends with the connection. */
  framing?: 'chunked' | 'close-delimited';
  /**
   * `reset` breaks the connection with a RST, `cut` closes it as if the server had exited: both in the middle of a
   * body.
   */
  ending?: 'end' | 'reset' | 'cut';
}

/** Responds with exactly these bytes; a function sees the request first. */
export const raw = (answer: RawAnswer | ((exchange: Exchange) => RawAnswer)): RawReply =>
  new RawReply((exchange) => play(exchange, typeof answer === 'function' ? answer(exchange) : answer));

async function play({ incoming, response, request, signal }: Exchange, answer: RawAnswer): Promise<void> {
  const { status = 200, headers = {}, body = [], headersFirst = true, framing = 'chunked', ending = 'end' } = answer;
  const open = () => {
    if (framing === 'close-delimited') {
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
    }
    response.writeHead(status, headers);
    response.flushHeaders();
  };
  incoming.resume();
  if (headersFirst && !(ending !== 'end' && body.length === 0)) open();
  for (const piece of body) {
    if (signal.aborted) return;
    if (isPause(piece)) {
      await piece.pass(signal);
      continue;
    }
    if (!response.headersSent) open();
    await write(response, piece);
  }
  if (signal.aborted) return;
  if (ending === 'end') {
    if (!response.headersSent) open();
    response.end();
    return;
  }
  request.outcome = 'cut';
  if (ending === 'reset') incoming.socket.resetAndDestroy();
  else incoming.socket.destroySoon();
}

/** Resolves once the system has the bytes, so a break after them does not swallow them. */
const write = (response: ServerResponse, piece: string | Uint8Array) =>
  new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write(piece, () => {
      response.off('close', resolve);
      resolve();
    });
  });
