import type { CallMemory } from '../../server/call-memory.ts';
import { INVALID_REQUEST, PARSE_ERROR, readMessage } from '../../server/incoming-message.ts';
import { JsonSize } from '../../tools/json-size.ts';
import { jsonError } from './json-rpc-error.ts';

/** Enough for images in base64. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** The limit of the SDK. */
const MAX_BATCH = 100;
/** A body is in memory as text, as a value, in the request to Ollama, and as bytes being sent. */
const COPIES = 4;
const RETRY_AFTER_S = '5';

/** The message in a request, or an error response if it is too large or not valid. */
export async function readBody(
  request: Request,
  memory: CallMemory,
): Promise<{ message: unknown } | { refusal: Response }> {
  const size = new JsonSize();
  const body = await readText(request, size, memory);
  if ('refusal' in body) return body;
  if (size.problem !== undefined) return { refusal: jsonError(413, size.problem) };
  try {
    return messagesIn(JSON.parse(body.text));
  } catch {
    return { refusal: jsonError(400, 'The body is not valid JSON.', { code: PARSE_ERROR }) };
  }
}

function messagesIn(value: unknown): { message: unknown } | { refusal: Response } {
  const isBatch = Array.isArray(value);
  if (isBatch && value.length > MAX_BATCH) {
    return { refusal: jsonError(400, `A batch may have ${MAX_BATCH} messages at most.`, { code: INVALID_REQUEST }) };
  }
  const messages: unknown[] = [];
  for (const one of isBatch ? value : [value]) {
    const read = readMessage(one);
    if ('bad' in read) {
      const { id, code, problem } = read.bad;
      return { refusal: jsonError(400, problem, { code, id }) };
    }
    messages.push(read.message);
  }
  return { message: isBatch ? messages : messages[0] };
}

/** Stops reading as soon as the text is too long. */
async function readText(
  request: Request,
  size: JsonSize,
  memory: CallMemory,
): Promise<{ text: string } | { refusal: Response }> {
  const reader = request.body?.getReader();
  // Stryker disable next-line ObjectLiteral,StringLiteral: no text is not JSON either
  if (!reader) return { text: '' };
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) return abandon(reader, tooLong());
  // It drops a byte order mark.
  const decoder = new TextDecoder();
  let received = 0;
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    received += read.value.byteLength;
    if (received > MAX_BODY_BYTES) return abandon(reader, tooLong());
    if (!memory.grow(read.value.byteLength * COPIES)) return abandon(reader, noMemory());
    size.add(read.value);
    text += decoder.decode(read.value, { stream: true });
  }
  return { text: text + decoder.decode() };
}

async function abandon(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  refusal: Response,
): Promise<{ refusal: Response }> {
  await reader.cancel().catch(() => {});
  return { refusal };
}

const tooLong = () => jsonError(413, `The body may have ${MAX_BODY_BYTES / 1024 / 1024} MB at most.`);

const noMemory = () =>
  jsonError(429, 'The server has no memory left for this request: try again later.', {
    headers: { 'Retry-After': RETRY_AFTER_S },
  });
