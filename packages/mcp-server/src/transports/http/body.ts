import { jsonError, PARSE_ERROR } from './json-rpc-error.ts';

/** Enough for images in base64. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** The JSON value of a request, or the refusal if it is too long or not valid JSON. */
export async function readJson(request: Request): Promise<{ value: unknown } | { refusal: Response }> {
  const text = await readText(request);
  if (text === undefined) {
    return { refusal: jsonError(413, `The body may have ${MAX_BODY_BYTES / 1024 / 1024} MB at most.`) };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { refusal: jsonError(400, 'The body is not valid JSON.', { code: PARSE_ERROR }) };
  }
}

/** Undefined as soon as it turns out to be too long. */
async function readText(request: Request): Promise<string | undefined> {
  const reader = request.body?.getReader();
  if (!reader) return '';
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) return abandon(reader);
  const decoder = new TextDecoder();
  let received = 0;
  let text = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    received += read.value.byteLength;
    if (received > MAX_BODY_BYTES) return abandon(reader);
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}

async function abandon(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<undefined> {
  await reader.cancel().catch(() => {});
}
