import {
  type Server,
  WebStandardStreamableHTTPServerTransport,
  type WebStandardStreamableHTTPServerTransportOptions,
} from '@modelcontextprotocol/server';
import type { Caller } from './caller.ts';

/**
 * Time between two comments on an open response, under a second: in workers, a disconnect is only noticed when
 * something is written.
 */
export const COMMENT_MS = 800;

/** One SDK server, and its transport to the client. */
export interface Connection {
  server: Server;
  transport: WebStandardStreamableHTTPServerTransport;
}

export async function connectTransport(
  server: Server,
  options: WebStandardStreamableHTTPServerTransportOptions = {},
  onclose?: () => void,
): Promise<Connection> {
  const transport = new WebStandardStreamableHTTPServerTransport({ ...options, keepAliveMs: COMMENT_MS });
  if (onclose) transport.onclose = onclose;
  await server.connect(transport);
  return { server, transport };
}

/** How a response ended: the client received all of it, or disconnected before. */
export type Ending = 'complete' | 'left';

/**
 * Passes on a request and returns the response. `onEnd` is called once. If the client disconnects, its calls are
 * cancelled, because nobody can receive their responses.
 */
export async function respond(
  { transport }: Connection,
  request: Request,
  message: unknown,
  caller: Caller,
  onEnd: (ending: Ending) => void,
): Promise<Response> {
  const response = await transport.handleRequest(request, {
    ...(message !== undefined && { parsedBody: message }),
    ...authInfoOf(caller),
  });
  // A cancelled request gets no response, so the SDK would keep the stream open until the session ends.
  for (const id of cancelledBy(message)) transport.closeSSEStream(id);
  if (response.body === null || response.headers.get('content-type') !== 'text/event-stream') {
    onEnd('complete');
    return response;
  }
  const body = watched(response.body, (ending) => {
    if (ending === 'left' && message !== undefined) cancelCalls(transport, message);
    onEnd(ending);
  });
  return new Response(body, response);
}

/** The SDK passes this to the server with each message. It does not include the token. */
export const authInfoOf = ({ subject, scopes }: Caller) =>
  scopes && { authInfo: { token: '', clientId: subject ?? '', scopes: [...scopes] } };

/** Reports whether a stream was read to its end, or the client disconnected. */
export function watched(body: ReadableStream<Uint8Array>, onEnd: (ending: Ending) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      controller.close();
      onEnd('complete');
    },
    async cancel(reason) {
      onEnd('left');
      await reader.cancel(reason);
    },
  });
}

/** The requests that a message, or a batch, cancels. */
function cancelledBy(message: unknown): (string | number)[] {
  const messages = [message].flat() as ({ method?: unknown; params?: { requestId?: string | number } } | undefined)[];
  return messages
    .filter((one) => one?.method === 'notifications/cancelled')
    .map((one) => one?.params?.requestId)
    .filter((id) => id !== undefined);
}

function cancelCalls(transport: WebStandardStreamableHTTPServerTransport, message: unknown): void {
  for (const { id } of [message].flat() as { id?: string | number }[]) {
    if (id === undefined) continue;
    const params = { requestId: id, reason: 'The client has left.' };
    transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
  }
}
