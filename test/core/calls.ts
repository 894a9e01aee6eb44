import type { CallOptions, Ollama, OllamaStream } from '@ollama-toolbelt/core';
import { secret } from './secrets.ts';

/** One operation of the client, how it is called, and what should reach the server. */
export interface OperationCall {
  name: string;
  method: string;
  path: string;
  /** The body on the wire; nothing where there is none. */
  body?: object;
  whole(ollama: Ollama, call?: CallOptions): Promise<object>;
  stream?: ((ollama: Ollama, call?: CallOptions) => OllamaStream<object>) | undefined;
}

const chat = { model: 'chat-model', messages: [{ role: 'user' as const, content: secret.prompt }] };
const generate = { model: 'chat-model', prompt: secret.prompt };
const embed = { model: 'embedding-model', input: [secret.prompt] };
const embeddings = { model: 'embedding-model', prompt: secret.prompt };
const named = { model: 'chat-model' };
const create = { model: 'new-model', from: 'chat-model', system: secret.prompt };
const copy = { source: 'chat-model', destination: 'copy-of-it' };

/** Those that answer with a stream of lines. */
export const streamingCalls: readonly (OperationCall & { stream: NonNullable<OperationCall['stream']> })[] = [
  {
    name: 'generate',
    method: 'POST',
    path: '/api/generate',
    body: { ...generate, stream: true },
    whole: (ollama, call) => ollama.generate(generate, call),
    stream: (ollama, call) => ollama.generateStream(generate, call),
  },
  {
    name: 'chat',
    method: 'POST',
    path: '/api/chat',
    body: { ...chat, stream: true },
    whole: (ollama, call) => ollama.chat(chat, call),
    stream: (ollama, call) => ollama.chatStream(chat, call),
  },
  {
    name: 'pull',
    method: 'POST',
    path: '/api/pull',
    body: { ...named, stream: true },
    whole: (ollama, call) => ollama.pull(named, call),
    stream: (ollama, call) => ollama.pullStream(named, call),
  },
  {
    name: 'push',
    method: 'POST',
    path: '/api/push',
    body: { ...named, stream: true },
    whole: (ollama, call) => ollama.push(named, call),
    stream: (ollama, call) => ollama.pushStream(named, call),
  },
  {
    name: 'create',
    method: 'POST',
    path: '/api/create',
    body: { ...create, stream: true },
    whole: (ollama, call) => ollama.create(create, call),
    stream: (ollama, call) => ollama.createStream(create, call),
  },
];

/** Those that answer with one object, or with nothing. */
export const wholeCalls: readonly OperationCall[] = [
  {
    name: 'embed',
    method: 'POST',
    path: '/api/embed',
    body: embed,
    whole: (ollama, call) => ollama.embed(embed, call),
  },
  {
    name: 'embeddings',
    method: 'POST',
    path: '/api/embeddings',
    body: embeddings,
    whole: (ollama, call) => ollama.embeddings(embeddings, call),
  },
  { name: 'list', method: 'GET', path: '/api/tags', whole: (ollama, call) => ollama.list(call) },
  { name: 'ps', method: 'GET', path: '/api/ps', whole: (ollama, call) => ollama.ps(call) },
  {
    name: 'show',
    method: 'POST',
    path: '/api/show',
    body: named,
    whole: (ollama, call) => ollama.show(named, call),
  },
  {
    name: 'copy',
    method: 'POST',
    path: '/api/copy',
    body: copy,
    whole: (ollama, call) => ollama.copy(copy, call),
  },
  {
    name: 'delete',
    method: 'DELETE',
    path: '/api/delete',
    body: named,
    whole: (ollama, call) => ollama.delete(named, call),
  },
  { name: 'version', method: 'GET', path: '/api/version', whole: (ollama, call) => ollama.version(call) },
  { name: 'status', method: 'GET', path: '/api/status', whole: (ollama, call) => ollama.status(call) },
];

export const calls: readonly OperationCall[] = [...streamingCalls, ...wholeCalls];

/** The chunks of a stream, read to its end. */
export async function chunksOf<Chunk>(stream: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}
