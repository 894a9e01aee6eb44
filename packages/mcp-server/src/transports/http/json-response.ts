/**
 * Turns a stream of events into one JSON text, for clients that do not read events: progress is dropped. The comments
 * of the stream become white space before the text, so a disconnect is noticed here too.
 *
 * @param isBatch whether the request is a batch: then the text is a list, even with a single response
 */
export function asJson(response: Response, isBatch: boolean): Response {
  if (response.body === null || response.headers.get('content-type') !== 'text/event-stream') return response;
  const headers = new Headers(response.headers);
  headers.set('Content-Type', 'application/json');
  return new Response(response.body.pipeThrough(answersOnly(isBatch)), { status: response.status, headers });
}

/** Each chunk from the SDK is a complete event or a comment. */
function answersOnly(isBatch: boolean): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const answers: string[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      if (chunk[0] === COLON) return controller.enqueue(encoder.encode(' '));
      const [, data = ''] = /^data: (.*)$/m.exec(decoder.decode(chunk)) ?? [];
      if (isAnswer(data)) answers.push(data);
    },
    flush(controller) {
      controller.enqueue(encoder.encode(answers.length === 1 && !isBatch ? answers[0] : `[${answers.join(',')}]`));
    },
  });
}

const COLON = 0x3a;

/** Everything else (requests and notifications to the client) has a method. */
function isAnswer(data: string): boolean {
  if (data === '') return false;
  const message = JSON.parse(data) as { method?: unknown };
  return message.method === undefined;
}
