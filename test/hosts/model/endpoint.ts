import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { anthropicMessages } from './anthropic-messages.ts';
import type { ModelRequest } from './dialect.ts';
import { gemini } from './gemini.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { sayTo } from './orders.ts';

const dialects = [openaiChat, openaiResponses, anthropicMessages, gemini];

/** The model of the hosts under test, on loopback. It has four APIs, and follows the orders in the prompt. */
export interface ModelEndpoint extends AsyncDisposable {
  /** http://127.0.0.1:PORT */
  url: string;
  /** All requests so far. */
  asked: ModelRequest[];
  /** Requests that none of our APIs answers, as "POST /path". */
  unknown: string[];
}

/** @param say returns the output of the model, from all requests so far */
export async function startModelEndpoint(say = sayTo): Promise<ModelEndpoint> {
  const asked: ModelRequest[] = [];
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response, { asked, unknown, say }).catch((error: unknown) => {
      unknown.push(`${request.method} ${request.url}: ${error}`);
      response.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    unknown,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { asked, unknown, say }: Pick<ModelEndpoint, 'asked' | 'unknown'> & { say: typeof sayTo },
) {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const dialect = request.method === 'POST' && dialects.find(({ matches }) => matches(path));
  if (!dialect) {
    unknown.push(`${request.method} ${path}`);
    request.resume();
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"not here"}}');
    return;
  }
  const body = (await json(request)) as Record<string, unknown>;
  const question = dialect.read(body);
  asked.push(question);
  const output = say(asked);
  if (!dialect.streams(path, body)) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(dialect.whole(output)));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const { event, data } of dialect.events(output)) {
    if (event !== undefined) response.write(`event: ${event}\n`);
    response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }
  response.end();
}
