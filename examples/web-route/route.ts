// An HTTP route that streams an answer: app/api/chat/route.ts in Next.js, and the same in Hono, Remix, Bun or Deno.
//
//   curl -N localhost:3000/api/chat -d '{"messages":[{"role":"user","content":"Hello!"}]}'
import { createOllama, OllamaError } from '@ollama-toolbelt/core/node';
import { Message } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';

const ollama = createOllama(); // One client for all requests: it keeps connections open.
const model = process.env['OLLAMA_MODEL'] ?? 'llama3.2';
const Body = z.object({ messages: z.array(Message).min(1) });

export async function POST(request: Request): Promise<Response> {
  const body = Body.safeParse(await request.json().catch(() => undefined));
  if (!body.success) return Response.json({ error: z.prettifyError(body.error) }, { status: 400 });

  // When the browser disconnects, `request.signal` aborts and the model stops.
  const stream = ollama.chatStream({ model, messages: body.data.messages }, { signal: request.signal });
  const chunks = stream[Symbol.asyncIterator]();
  try {
    // Waits for the first chunk, so an error can still have its own status.
    const first = await chunks.next();
    return new Response(textOf(first, chunks), { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  } catch (error) {
    if (!(error instanceof OllamaError)) throw error;
    console.error(error.message, error.hint);
    return Response.json({ error: 'The model cannot answer now.' }, { status: 502 });
  }
}

type Chunk = { message: { content: string } };

/** The text of the chunks as bytes. Cancelling the response cancels the call. */
function textOf(first: IteratorResult<Chunk>, rest: AsyncIterator<Chunk>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: IteratorResult<Chunk> | undefined = first;
  return new ReadableStream({
    async pull(controller) {
      const chunk = next ?? (await rest.next());
      next = undefined;
      if (chunk.done) controller.close();
      else controller.enqueue(encoder.encode(chunk.value.message.content));
    },
    async cancel() {
      await rest.return?.();
    },
  });
}
