import { type TaskListening, tellOf } from '../../server/task-listening.ts';
import type { Tasks } from '../../server/tasks.ts';
import { COMMENT_MS } from './sse-response.ts';

/** Streams of events with notifications about tasks. */
export class TaskStreams {
  readonly #open = new Set<AbortController>();

  /** The response to a subscription, until all its tasks have ended or the client disconnects. */
  answer(listening: TaskListening, tasks: Tasks): Response {
    const own = new AbortController();
    this.#open.add(own);
    const end = () => {
      own.abort();
      this.#open.delete(own);
    };
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const write = (text: string) => void (own.signal.aborted || controller.enqueue(encoder.encode(text)));
        const comments = setInterval(() => write(': still here\n\n'), COMMENT_MS);
        const send = (message: object) => write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
        own.signal.addEventListener('abort', () => clearInterval(comments), { once: true });
        void tellOf(listening, tasks, send, own.signal)
          .then(() => controller.close())
          .catch((error: unknown) => controller.error(error))
          .finally(end);
      },
      cancel: end,
    });
    return new Response(body, {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform' },
    });
  }

  close(): void {
    for (const one of this.#open) one.abort();
  }
}
