/** The types of requests, options and errors. `tsc` checks this file; it never runs. */

import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import {
  createOllama as createOllamaOf,
  type ErrorCode,
  type ErrorPhase,
  type Message,
  type Ollama,
  OllamaAbortError,
  OllamaConnectionError,
  OllamaError,
  OllamaHttpError,
  OllamaStreamError,
  OllamaTimeoutError,
  type Platform,
} from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import type { ChatRequest } from '@ollama-toolbelt/core/schemas';
import { expectTypeOf, test } from 'vitest';
import type * as z from 'zod';

declare const ollama: Ollama;
declare const platform: Platform;
declare const error: OllamaError;
const model = 'llama3.2';
const messages = [{ role: 'user' as const, content: 'Hello!' }];

test('requests accept all common forms', () => {
  void ollama.chat({ model, messages, think: 'max', keep_alive: -1, format: undefined, tools: undefined });
  void ollama.chat({ model, messages: [{ role: 'user', content: '', images: [new Uint8Array(), 'aGk='] }] });
  void ollama.chat({ model, messages: [{ role: 'tool', content: '', tool_name: 'a', tool_call_id: 'b' }] });
  void ollama.generate({ model, prompt: '', suffix: '', raw: true, context: [1], stream: false, keep_alive: '5m' });
  void ollama.embed({ model, input: 'a', dimensions: 64, truncate: false });
  void ollama.pull({ name: model, insecure: true }, { onProgress: ({ status }) => expectTypeOf(status).toBeString() });
  void ollama.create({ model, modelfile: 'FROM llama3.2' }, { baseDir: '.' });
  void ollama.create({ model, files: { 'model.gguf': 'sha256:0' }, quantize: 'q4_K_M' });
  expectTypeOf<z.input<typeof ChatRequest>>().toExtend<Parameters<Ollama['chatStream']>[0]>();
});

test('requests reject typos and misplaced fields', () => {
  // @ts-expect-error the field is keep_alive
  void ollama.chat({ model, messages, keepAlive: '5m' });
  // @ts-expect-error format is not one of the options
  void ollama.chat({ model, messages, options: { format: 'json' } });
  // @ts-expect-error the option is num_ctx
  void ollama.generate({ model, options: { numCtx: 4096 } });
  // @ts-expect-error there is no such level
  void ollama.chat({ model, messages, think: 'very' });
  // @ts-expect-error a model is needed
  void ollama.chat({ messages });
  // @ts-expect-error a chat has messages
  void ollama.chat({ model, prompt: 'Hello!' });
  // @ts-expect-error the field is max_results
  void ollama.webSearch({ query: 'a', maxResults: 3 });
  // @ts-expect-error the signal is the call's, not the request's
  void ollama.list({ model });
});

test('the options of a call', () => {
  const { signal } = new AbortController();
  void ollama.list({ signal, timeouts: { totalMs: 1 }, retry: false, headers: { a: 'b' } });
  void ollama.chatStream({ model, messages }, { signal: undefined, retry: { attempts: 1 } });
  // @ts-expect-error the limits have names
  void ollama.list({ timeouts: 1000 });
  // @ts-expect-error milliseconds are in the name
  void ollama.list({ timeouts: { total: 1 } });
});

test('clients accept the options of their platform', () => {
  expectTypeOf(createOllama()).toEqualTypeOf<Ollama>();
  createOllama({ host: ':8080', proxy: false, ca: ['a', 'b'], insecure: true, pool: { connections: 1 } });
  createOllama({ host: process.env['OLLAMA_HOST'], apiKey: undefined, rateLimit: { calls: 1, periodMs: 1 } });
  createOnFetch({ host: 'ollama.example.com', concurrency: 2, embedCache: { maxBytes: 1 } });
  createOllamaOf({ ...platform, onResponse: ({ status, firstByteMs }) => void (status + firstByteMs) });
  // @ts-expect-error fetch knows no certificates
  createOnFetch({ ca: 'a' });
  // @ts-expect-error the neutral entry needs a transport
  createOllamaOf({ host: 'ollama.example.com' });
  // @ts-expect-error a period has a length
  createOllama({ rateLimit: { calls: 1 } });
});

test('errors have typed fields', () => {
  expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
  expectTypeOf(error.phase).toEqualTypeOf<ErrorPhase | undefined>();
  expectTypeOf(error.hint).toEqualTypeOf<string | undefined>();
  expectTypeOf(error.retryable).toBeBoolean();
  expectTypeOf(error.partial).toBeUnknown();
  expectTypeOf(error).toExtend<Error>();
  expectTypeOf<'model_not_found' | 'timeout' | 'bad_output'>().toExtend<ErrorCode>();
  // @ts-expect-error there is no such code
  expectTypeOf<'model_missing'>().toExtend<ErrorCode>();
});

test('each class is an OllamaError, and only http errors have a status', () => {
  for (const type of [OllamaAbortError, OllamaConnectionError, OllamaStreamError, OllamaTimeoutError]) {
    expectTypeOf<InstanceType<typeof type>>().toExtend<OllamaError>();
    expectTypeOf<InstanceType<typeof type>>().not.toHaveProperty('status');
  }
  expectTypeOf<OllamaHttpError>().toExtend<OllamaError>();
  expectTypeOf<OllamaHttpError['status']>().toBeNumber();
  expectTypeOf<OllamaHttpError['retryAfterMs']>().toEqualTypeOf<number | undefined>();
  if (error instanceof OllamaHttpError) expectTypeOf(error.status).toBeNumber();
  expectTypeOf(OllamaError).toBeConstructibleWith('message', { code: 'timeout' });
});

test('values from answers and lists can be used in requests', async () => {
  const history: Message[] = [{ role: 'user', content: 'Hello!' }];
  const { message } = await ollama.chat({ model, messages: history });
  history.push(message);
  for await (const chunk of ollama.chatStream({ model, messages: history })) history.push(chunk.message);
  expectTypeOf(message.role).toEqualTypeOf<'assistant'>();

  const inferred = [{ role: 'user', content: 'Hello!' }];
  void ollama.chat({ model, messages: inferred });
  void ollama.conversation({ model, messages: inferred });
  const frozen = [{ role: 'user', content: 'Hello!', images: ['aGk='] as readonly string[] }] as const;
  void ollama.chat({ model, messages: frozen });
  const texts: readonly string[] = ['a'];
  void ollama.embed({ model, input: texts, options: { stop: texts } });
  void ollama.generate({ model, context: [1] as readonly number[], images: texts });
  const { messages: shown = [] } = await ollama.show({ model });
  void ollama.chat({ model, messages: shown });
});

test('a JSON Schema with the types of another package', async () => {
  /** Like `@types/json-schema`: an interface without an index signature. */
  interface JSONSchema7 {
    $id?: string | undefined;
    type?: string | string[] | undefined;
    properties?: { [key: string]: JSONSchema7 | boolean } | undefined;
    items?: JSONSchema7 | boolean | undefined;
  }
  const schema: JSONSchema7 = { type: 'object', properties: { city: { type: 'string' } } };
  expectTypeOf((await ollama.chat({ model, messages, format: schema })).parsed).toBeUnknown();
  void ollama.chat({
    model,
    messages,
    tools: [{ type: 'function', function: { name: 'a', parameters: schema } }],
  });
  void ollama.conversation({ model, tools: [{ name: 'a', parameters: schema, run: () => 'done' }] });
  // @ts-expect-error text is not a schema
  void ollama.chat({ model, messages, format: 'xml' });
});

test('fields of a newer server, and misspelled ones', () => {
  const newer = { field_of_tomorrow: 1 };
  void ollama.chat({ model, messages, ...newer, options: { num_ctx: 1, ...newer } });
  void ollama.chat({ model, messages: [{ role: 'user', content: '', ...newer }] });
  // @ts-expect-error the field is tool_calls
  void ollama.chat({ model, messages: [{ role: 'assistant', content: '', tool_call: [] }] });
  // @ts-expect-error the option is temperature
  void ollama.chat({ model, messages, options: { temprature: 1 } });
});
