/** A server for the benches, in a process of its own so that its work is not counted: `node server.ts` prints its port. */
import { createServer } from 'node:http';

const TOKENS = 2_000;
const token = `${JSON.stringify({ model: 'm', created_at: '2026-01-01T00:00:00.000000000Z', message: { role: 'assistant', content: ' word' }, done: false })}\n`;
const last = `${JSON.stringify({ model: 'm', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', eval_count: TOKENS })}\n`;
const longLine = `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: 'x'.repeat(32 * 1024 * 1024) }, done: true })}\n`;
const vector = () => Array.from({ length: 1024 }, () => Math.fround(Math.random() - 0.5));
const embeddings = JSON.stringify({ embedding: Array.from({ length: 512 }, vector).flat() });
/** What a fast GPU takes for a text, a small model and a short text; most take longer. */
const MS_PER_TEXT = 1;
const textVector = JSON.stringify(vector().slice(0, 384));
const models = JSON.stringify({
  models: [{ name: 'm:latest', model: 'm:latest', digest: 'a'.repeat(64), size: 1, modified_at: '' }],
});
const small = JSON.stringify({ version: '0.33.0' });

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (bytes) => {
    body += bytes;
  });
  request.on('end', () => {
    const json = { 'content-type': 'application/json; charset=utf-8' };
    if (request.url === '/api/version') return response.writeHead(200, json).end(small);
    if (request.url === '/api/embeddings') return response.writeHead(200, json).end(embeddings);
    if (request.url === '/api/tags') return response.writeHead(200, json).end(models);
    if (request.url === '/api/embed') {
      const { length } = JSON.parse(body).input;
      const answer = `{"model":"m","embeddings":[${Array(length).fill(textVector).join(',')}]}`;
      return void setTimeout(() => response.writeHead(200, json).end(answer), length * MS_PER_TEXT);
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    if (request.url === '/api/generate') return response.end(longLine);
    let sent = 0;
    // One write for each token, as Ollama does it, and a turn of the event loop between them.
    const next = () => {
      if (sent++ === TOKENS) return void response.end(last);
      response.write(token);
      setImmediate(next);
    };
    next();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.stdout.write(`${address.port}\n`);
});
process.stdin.resume().on('end', () => process.exit());
