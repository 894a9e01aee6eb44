/**
 * An Ollama that works on four requests at a time, in a process of its own: it sends its port, and for each message how
 * many chats it has answered. Each answer is one word: the model `paced` takes 100 ms for it, all others no time.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWER_MS, SLOTS } from './pace.ts';

interface Chat {
  model: string;
  stream?: boolean;
}

let answered = 0;
let busy = 0;
const waiting: (() => void)[] = [];

const line = (model: string, content: string, done: boolean) =>
  `${JSON.stringify({
    model,
    created_at: '2026-01-01T00:00:00.000000000Z',
    message: { role: 'assistant', content },
    done,
    ...(done && { done_reason: 'stop', prompt_eval_count: 12, eval_count: 1, total_duration: 30_000_000 }),
  })}\n`;

async function chat({ model, stream }: Chat, response: ServerResponse): Promise<void> {
  if (busy < SLOTS) busy += 1;
  else await new Promise<void>((free) => waiting.push(free));
  if (model === 'paced') await sleep(ANSWER_MS);
  const isStreamed = stream !== false;
  response.writeHead(200, { 'content-type': isStreamed ? 'application/x-ndjson' : 'application/json' });
  response.end(isStreamed ? line(model, 'word', false) + line(model, '', true) : line(model, 'word', true));
  answered += 1;
  // The slot goes to the one that has waited longest.
  const next = waiting.shift();
  if (next) next();
  else busy -= 1;
}

const server = createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (bytes: Buffer) => body.push(bytes));
  request.on('end', () => {
    if (request.url === '/api/chat') void chat(JSON.parse(Buffer.concat(body).toString()), response);
    else response.writeHead(404).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => process.send?.(answered));
process.on('disconnect', () => process.exit());
