/** Runs in the browser: what a page does with the client, and what it tells the test of it. */
import { type Ollama, OllamaError } from '@ollama-toolbelt/core/fetch';

export type Tell = (value: unknown) => Promise<void>;
export type Job = (ollama: Ollama, tell: Tell) => Promise<unknown>;

const question = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hi' }] };

export const jobs = {
  chat: (ollama) => ollama.chat(question),

  /** Tells each chunk before it waits for the next one. */
  stream: async (ollama, tell) => {
    for await (const { message } of ollama.chatStream(question)) await tell(message.content);
    return 'the end';
  },

  abort: async (ollama) => {
    const controller = new AbortController();
    for await (const _ of ollama.chatStream(question, { signal: controller.signal })) {
      controller.abort(new RangeError('changed my mind'));
    }
  },

  abortBeforeTheAnswer: (ollama, tell) => {
    const controller = new AbortController();
    addEventListener('stop', () => controller.abort(new RangeError('changed my mind')), { once: true });
    void tell('sent');
    return ollama.chat(question, { signal: controller.signal });
  },

  leave: async (ollama) => {
    for await (const { message } of ollama.chatStream(question)) return message.content;
  },

  unknownModel: (ollama) => ollama.show({ model: 'no-such-model' }),

  list: (ollama) => ollama.list(),

  upload: async (ollama) => {
    const { digest } = await ollama.blobs.upload(new TextEncoder().encode('a file'));
    return { digest, has: await ollama.blobs.has(digest) };
  },

  conversation: async (ollama) => {
    const chat = ollama.conversation({ model: 'chat-model', system: 'Be brief.' });
    await chat.send('Hi');
    await chat.send('And again');
    return chat.messages.map(({ role }) => role);
  },

  deadline: (ollama) => {
    const { setTimeout } = globalThis;
    // The deadline passes when the test says so.
    globalThis.setTimeout = ((callback: () => void, ms: number) => {
      if (ms !== 50) return setTimeout(callback, ms);
      addEventListener('stop', callback, { once: true });
      return 0;
    }) as typeof setTimeout;
    return ollama.chat(question, { timeouts: { firstByteMs: 50 } }).finally(() => {
      globalThis.setTimeout = setTimeout;
    });
  },
} satisfies Record<string, Job>;

/** How it ended, as JSON can tell it. */
export async function outcomeOf(job: Job, ollama: Ollama, tell: Tell): Promise<object> {
  try {
    return { value: await job(ollama, tell) };
  } catch (error) {
    if (!(error instanceof OllamaError)) return { strange: String(error) };
    const { name, code, phase, retryable, hint, message, partial, cause } = error;
    return { error: { name, code, phase, retryable, hint, message, partial, cause: String(cause) } };
  }
}
