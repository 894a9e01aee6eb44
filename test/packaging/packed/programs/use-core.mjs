// Uses the installed package like a user on an older or newer Node. Prints the results as JSON.

import { createOllama as createByPlatform } from '@ollama-toolbelt/core';
import { createOllama as createOnFetch, OllamaError as ErrorOfFetch } from '@ollama-toolbelt/core/fetch';
import { parseModelfile } from '@ollama-toolbelt/core/neutral';
import { createOllama, OllamaHttpError } from '@ollama-toolbelt/core/node';
import { ChatRequest } from '@ollama-toolbelt/core/schemas';
import * as z from 'zod';

const host = process.env.OLLAMA_HOST;
const request = { model: 'chat-model', messages: [{ role: 'user', content: 'Hi' }] };

async function everything(ollama, ErrorClass) {
  const { message } = await ollama.chat(request);
  const { parsed } = await ollama.chat({ ...request, format: z.object({ city: z.string() }) });
  const pieces = [];
  for await (const chunk of ollama.chatStream(request)) pieces.push(chunk.message.content);
  const { embeddings } = await ollama.embed({ model: 'embedding-model', input: ['a', 'b'] });
  const error = await ollama.chat({ ...request, model: 'nope' }).catch((error) => error);
  const cancelled = await ollama.chat(request, { signal: AbortSignal.abort() }).catch((error) => error);
  return {
    answer: message.content,
    parsed,
    pieces,
    vectors: embeddings.length,
    error: { isOurs: error instanceof ErrorClass, code: error.code, hint: error.hint },
    cancelled: cancelled.code,
  };
}

const onNode = createOllama();
const report = {
  onNode: await everything(onNode, OllamaHttpError),
  onFetch: await everything(createOnFetch({ host }), ErrorOfFetch),
  byPlatform: createByPlatform === createOllama ? 'node' : createByPlatform === createOnFetch ? 'fetch' : 'neither',
  neutral: parseModelfile('FROM llama3.2').commands.length,
  schemas: ChatRequest.safeParse(request).success,
};
await onNode.close();
console.log(JSON.stringify(report));
