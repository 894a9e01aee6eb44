import type { ServerResponse } from 'node:http';
import type { Answer } from './backend.ts';
import type { Collect } from './collect.ts';
import { goJson, type JsonObject } from './json.ts';
import { WireError } from './wire-error.ts';

const jsonUtf8 = 'application/json; charset=utf-8';
const plainJson = 'application/json';
/** Go's HTTP server sets the length of a body that fits its buffer, and sends any longer one in chunks. */
const goBufferBytes = 2048;

export function sendJson(response: ServerResponse, status: number, body: unknown, type = jsonUtf8): void {
  const bytes = Buffer.from(goJson(body));
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  if (bytes.length <= goBufferBytes) response.setHeader('Content-Length', bytes.length);
  else response.setHeader('Transfer-Encoding', 'chunked');
  response.end(bytes);
}

export function sendText(response: ServerResponse, status: number, text: string, type: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

export function sendEmpty(response: ServerResponse, status: number): void {
  response.statusCode = status;
  if (status !== 204) response.setHeader('Content-Length', 0);
  response.end();
}

const asWireError = (error: unknown): WireError =>
  error instanceof WireError ? error : new WireError(500, error instanceof Error ? error.message : String(error));

export function sendError(response: ServerResponse, error: unknown, type = jsonUtf8): void {
  const failure = asWireError(error);
  sendJson(response, failure.status, failure.body, type);
}

export interface AnswerShape {
  stream: boolean;
  collect: Collect;
  /** The content type of a complete response differs between progress and inference. */
  wholeType: 'inference' | 'progress';
}

export async function sendAnswer(response: ServerResponse, answer: Answer, shape: AnswerShape): Promise<void> {
  if ('once' in answer) return sendJson(response, 200, answer.once);
  if (shape.stream) return streamLines(response, answer.lines);
  const type = shape.wholeType === 'inference' ? jsonUtf8 : plainJson;
  const lines: JsonObject[] = [];
  try {
    for await (const line of answer.lines) lines.push(line);
  } catch (error) {
    return sendError(response, error, type);
  }
  sendJson(response, 200, shape.collect(lines), type);
}

/** The headers are sent with the first line: until then an error still has its own status. */
async function streamLines(response: ServerResponse, lines: AsyncIterable<JsonObject>): Promise<void> {
  try {
    for await (const line of lines) {
      if (response.destroyed) return;
      if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      if (!response.write(`${goJson(line)}\n`)) await roomToWrite(response);
    }
    response.end();
  } catch (error) {
    const failure = asWireError(error);
    if (response.headersSent) {
      response.end(`${goJson(failure.body)}\n`);
      return;
    }
    response.writeHead(failure.status, { 'Content-Type': plainJson });
    response.write(goJson(failure.body));
    response.end();
  }
}

const roomToWrite = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
