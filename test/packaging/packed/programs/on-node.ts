// A program of a user who installed the package. It is only compiled, never run.
import { createOllama as createOnAnyPlatform } from '@ollama-toolbelt/core';
import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import {
  createOllama as createOllamaOf,
  OllamaError,
  parseModelfile,
  type Transport,
} from '@ollama-toolbelt/core/neutral';
import { createOllama, type NodeOptions } from '@ollama-toolbelt/core/node';
import { ChatRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';

const options: NodeOptions = { timeouts: { totalMs: 1000 }, retry: { attempts: 1 }, pool: { connections: 2 } };
const ollama = createOllama(options);
const Person = z.object({ name: z.string(), city: z.string() });

export async function useEverything(transport: Transport, signal: AbortSignal): Promise<string> {
  const { parsed } = await ollama.chat({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], format: Person });
  const city: string = parsed.city;
  for await (const chunk of ollama.generateStream({ model: 'm', prompt: 'Hi' }, { signal })) {
    if (chunk.done) return `${city} ${chunk.eval_count ?? 0}`;
  }
  const chat = ollama.conversation({
    model: 'm',
    tools: [{ name: 't', parameters: z.object({ n: z.number() }), run: ({ n }) => n.toFixed(1) }],
  });
  const answer = await chat.send('Hi', { format: { type: 'object' } });
  const value: unknown = answer.parsed;
  const { embeddings } = await createOnFetch({ host: 'http://127.0.0.1:1' }).embed({ model: 'm', input: ['a'] });
  const first: number[] | undefined = embeddings[0];
  const neutral = createOllamaOf({ transport, sleep: async () => {}, now: () => 0 });
  const request: z.input<typeof ChatRequest> = ChatRequest.parse({ model: 'm', messages: [] });
  await neutral.chat(request).catch((error: unknown) => {
    if (error instanceof OllamaError && error.code === 'refused') return error.hint;
    throw error;
  });
  await createOnAnyPlatform().close();
  return `${String(value)} ${first?.length} ${parseModelfile('FROM m').commands.length} ${neutral.url}`;
}
