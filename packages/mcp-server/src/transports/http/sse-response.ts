import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  WebStandardStreamableHTTPServerTransport,
  type WebStandardStreamableHTTPServerTransportOptions,
} from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';

/**
 * Gap between the comments on an open answer, under a second: in workers, that a client has left shows only when
 * something is written to it.
 */
const COMMENT_MS = 800;

/** One server of the SDK and the line to its client. */
export interface Line {
  server: Server;
  transport: WebStandardStreamableHTTPServerTransport;
}

export async function openLine(
  server: Server,
  options: WebStandardStreamableHTTPServerTransportOptions = {},
  onclose?: () => void,
): Promise<Line> {
  const transport = new WebStandardStreamableHTTPServerTransport({ ...options, keepAliveMs: COMMENT_MS });
  if (onclose) transport.onclose = onclose;
  await server.connect(transport);
  return { server, transport };
}

/** How an exchange ended. */
export type Ending = 'ended' | 'left';

/**
 * Passes a request on and gives the response; `over` is called once, when the response is through or the client has left
 * before. Then its calls are cancelled: nobody can receive their answers any more.
 */
export async function exchange(
  { transport }: Line,
  request: Request,
  message: unknown,
  over: (ending: Ending) => void,
): Promise<Response> {
  const response = await transport.handleRequest(request, message === undefined ? {} : { parsedBody: message });
  if (response.body === null || response.headers.get('content-type') !== 'text/event-stream') {
    over('ended');
    return response;
  }
  const body = watched(response.body, (ending) => {
    if (ending === 'left' && message !== undefined) cancelCalls(transport, message);
    over(ending);
  });
  return new Response(body, response);
}

function watched(body: ReadableStream<Uint8Array>, over: (ending: Ending) => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      controller.close();
      over('ended');
    },
    async cancel(reason) {
      over('left');
      await reader.cancel(reason);
    },
  });
}

function cancelCalls(transport: WebStandardStreamableHTTPServerTransport, message: unknown): void {
  for (const { id } of [message].flat() as { id?: string | number }[]) {
    if (id === undefined) continue;
    const params = { requestId: id, reason: 'The client has left.' };
    transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
  }
}
