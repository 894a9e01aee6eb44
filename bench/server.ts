/**
 * A server for the benches, in a separate process, so its work is measured separately. It sends its port, and answers
 * each message with its CPU time so far.
 *
 * The model name controls the answer to a chat: `tokens-COUNT-PER_PACKET`, `arguments-BYTES`, `bytes-LENGTH-PER_PIECE`.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Time between two tokens of one answer. Just long enough that they are not combined into one packet. */
const PAUSE_MS = 0.02;
const line = (value: object) =>
  `${JSON.stringify({ model: 'm', created_at: '2026-01-01T00:00:00.000000000Z', ...value })}\n`;
const token = line({ message: { role: 'assistant', content: ' word' }, done: false });
const last = line({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', eval_count: 1 });
const long = (length: number) => line({ message: { role: 'assistant', content: 'x'.repeat(length) }, done: false });
const call = (bytes: number) => {
  const calls = [{ function: { name: 'save', arguments: { text: 'x'.repeat(bytes) } } }];
  return line({ message: { role: 'assistant', content: '', tool_calls: calls }, done: false });
};
/** With as many digits as Ollama writes for a 32-bit number. */
const vector = (length: number) => Array.from({ length }, () => Number((Math.random() - 0.5).toPrecision(8)));
const vectors = Array.from({ length: 512 }, () => vector(1024));
const embedded = JSON.stringify({ model: 'm', embeddings: vectors });
const packed = JSON.stringify({
  object: 'list',
  data: vectors.map((numbers, index) => ({
    object: 'embedding',
    embedding: Buffer.from(new Float32Array(numbers).buffer).toString('base64'),
    index,
  })),
  model: 'm',
  usage: { prompt_tokens: 512, total_tokens: 512 },
});
/** Time of a fast GPU with a small model for a short text. Most take longer. */
const MS_PER_TEXT = 1;
const textVector = JSON.stringify(vector(384));
const list = JSON.stringify({ models: [{ name: 'm:latest', model: 'm:latest', digest: 'a'.repeat(64), size: 1 }] });
const json = { 'content-type': 'application/json; charset=utf-8' };

const server = createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (bytes: Buffer) => body.push(bytes));
  request.on('end', () => answer(request.url ?? '', Buffer.concat(body).toString(), response));
});

function answer(url: string, body: string, response: ServerResponse): void {
  if (url === '/api/version') response.writeHead(200, json).end('{"version":"0.33.0"}');
  else if (url === '/api/tags') response.writeHead(200, json).end(list);
  else if (url === '/v1/embeddings') response.writeHead(200, json).end(packed);
  else if (url === '/api/pull') pull(JSON.parse(body), response);
  else if (url === '/api/embed') embed(JSON.parse(body), response);
  else chat(JSON.parse(body), response);
}

function embed({ model, input }: { model: string; input: string[] }, response: ServerResponse): void {
  if (model === 'large') return void response.writeHead(200, json).end(embedded);
  const answer = `{"model":"m","embeddings":[${Array(input.length).fill(textVector).join(',')}]}`;
  setTimeout(() => response.writeHead(200, json).end(answer), input.length * MS_PER_TEXT);
}

function chat({ model }: { model: string }, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const [kind, size = 1, per = 1] = model.split(/[-:]/).map((part, index) => (index === 0 ? part : Number(part))) as [
    string,
    number,
    number,
  ];
  if (kind === 'silent') response.flushHeaders();
  else if (kind === 'tokens') tokens(size, per, response);
  else if (kind === 'arguments') response.end(call(size) + last);
  else if (kind === 'bytes') pieces(Buffer.from(long(size) + last), per, response);
  else response.end(long(size) + last);
}

/** Sends the progress of one layer, several events at a time, and its end. */
function pull({ model }: { model: string }, response: ServerResponse): void {
  const total = Number(model.split(/[-:]/)[1]);
  let completed = 0;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const step = () => {
    if (completed >= total) return void response.end('{"status":"success"}\n');
    let events = '';
    for (const end = Math.min(total, completed + 10); completed < end; completed += 1) {
      events += `${JSON.stringify({ status: 'pulling 8eeb52dfb3bb', digest: 'sha256:8eeb52dfb3bb', total, completed })}\n`;
    }
    if (response.write(events)) setImmediate(step);
    else response.once('drain', step);
  };
  step();
}

/** One write for each packet, like Ollama, with a turn of the event loop between them. */
function tokens(count: number, perPacket: number, response: ServerResponse): void {
  const packet = token.repeat(perPacket);
  let left = count;
  let next = 0;
  const step = () => {
    if (perPacket === 1 && performance.now() < next) return void setImmediate(step);
    if (left <= 0) return void response.end(last);
    left -= perPacket;
    next = performance.now() + PAUSE_MS;
    if (response.write(packet)) setImmediate(step);
    else response.once('drain', step);
  };
  step();
}

function pieces(bytes: Buffer, length: number, response: ServerResponse): void {
  let at = 0;
  const step = () => {
    for (let count = 0; count < 100 && at < bytes.length; count += 1) {
      response.write(bytes.subarray(at, at + length));
      at += length;
    }
    if (at >= bytes.length) response.end();
    else if (response.writableNeedDrain) response.once('drain', step);
    else setImmediate(step);
  };
  step();
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1000);
});
process.on('disconnect', () => process.exit());
