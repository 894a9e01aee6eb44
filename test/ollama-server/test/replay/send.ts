import { type IncomingHttpHeaders, request } from 'node:http';
import { type Recording, requestBody } from './recording.ts';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** False if the connection broke, or the client disconnected. */
  complete: boolean;
}

/** Sends a recorded request again. */
export function send(host: string, recording: Recording): Promise<Reply> {
  const { method, path, headers = {}, closedByClientAfterChunks } = recording.request;
  const body = requestBody(recording);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      host + path,
      { method, headers: { ...headers, ...contentHeaders(method, body) } },
      (incoming) => {
        const chunks: Buffer[] = [];
        let lines = 0;
        const done = (complete: boolean) =>
          resolve({
            status: incoming.statusCode!,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString(),
            complete,
          });
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          // Each recorded chunk is a line; here several may arrive in one.
          lines += chunk.filter((byte) => byte === 0x0a).length;
          if (lines < (closedByClientAfterChunks ?? Number.POSITIVE_INFINITY)) return;
          outgoing.destroy();
          done(false);
        });
        incoming.on('end', () => done(true));
        incoming.on('error', () => done(false));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const contentHeaders = (method: string, body: string | Buffer | undefined) =>
  method === 'GET' || body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
