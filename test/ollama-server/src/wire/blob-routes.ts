import type { Handler } from './exchange.ts';
import { goJson } from './json.ts';
import { sendEmpty, sendError } from './reply.ts';
import { WireError } from './wire-error.ts';

/** `sha256:<hex>` of the path; the server accepts a dash instead of the colon too. */
function digestOf(path: string): string {
  const [, hex] = /^\/api\/blobs\/sha256[:-]([0-9a-f]{64})$/i.exec(path) ?? [];
  if (hex === undefined) throw new WireError(400, 'invalid digest format');
  return `sha256:${hex.toLowerCase()}`;
}

const head: Handler = ({ request, response }, backend) => {
  const digest = digestOf(request.path);
  if (backend.hasBlob(digest)) {
    response.statusCode = 200;
    response.end();
    return;
  }
  const body = goJson({ error: `blob "${digest}" not found` });
  response.writeHead(404, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length });
  response.end();
};

const post: Handler = async ({ request, response, incoming }, backend) => {
  try {
    const digest = digestOf(request.path);
    if (backend.hasBlob(digest)) {
      // The body is not read: its rest could not be distinguished from the next request, so the connection ends.
      response.setHeader('Connection', 'close');
      return sendEmpty(response, 200);
    }
    await backend.addBlob(digest, incoming);
    sendEmpty(response, 201);
  } catch (error) {
    incoming.resume();
    sendError(response, error);
  }
};

export const blobHandlers = { HEAD: head, POST: post } satisfies Record<string, Handler>;
