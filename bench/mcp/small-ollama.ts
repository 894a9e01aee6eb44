/** An Ollama that answers a chat with one word, in a process of its own: it sends its port. */
import { createServer } from 'node:http';

const message = (content: string, done: boolean) => ({
  model: 'm',
  created_at: '2026-01-01T00:00:00Z',
  message: { role: 'assistant', content },
  done,
  ...(done && { done_reason: 'stop', eval_count: 1 }),
});

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (data: Buffer) => {
    body += data.toString();
  });
  request.on('end', () => {
    const streamed = (JSON.parse(body || '{}') as { stream?: boolean }).stream !== false;
    response.writeHead(200, { 'content-type': streamed ? 'application/x-ndjson' : 'application/json' });
    if (!streamed) return response.end(JSON.stringify(message('"word"', true)));
    response.end(`${JSON.stringify(message('word', false))}\n${JSON.stringify(message('', true))}\n`);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
