import {
  type Server,
  WebStandardStreamableHTTPServerTransport,
  type WebStandardStreamableHTTPServerTransportOptions,
} from '@modelcontextprotocol/server';
import type { Caller } from './caller.ts';

/**
 * Gap between the comments on an open answer, under a second: in workers, that a client has left shows only when
 * something is written to it.
 */
export const COMMENT_MS = 800;

/** One server of the SDK, and its transport to the client. */
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

/** How a response ended: the client got all of it, or left before. */
export type Ending = 'complete' | 'left';

/**
 * Passes a request on and gives the response; `onEnd` is called once. If the client has left, its calls are
 * cancelled: nobody can receive their answers any more.
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
  // Its answer never comes, so the SDK would keep the stream open for as long as the session lasts.
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

/** What the SDK hands on to the server with each message. The token itself stays here. */
export const authInfoOf = ({ subject, scopes }: Caller) =>
  scopes && { authInfo: { token: '', clientId: subject ?? '', scopes: [...scopes] } };

/** Tells how a stream ended: at its end, or when nobody read it any more. */
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
