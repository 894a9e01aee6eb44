/** The types of responses. `tsc` checks this file; it never runs. */

import type {
  Blobs,
  ChatResponse,
  Chunk,
  Conversation,
  CreateResponse,
  EmbedResponse,
  GenerateResponse,
  JsonSchema,
  ListResponse,
  Notice,
  Ollama,
  OllamaStream,
  ProgressResponse,
  ShowResponse,
} from '@ollama-toolbelt/core/node';
import { expectTypeOf, test } from 'vitest';
import * as z from 'zod';

declare const ollama: Ollama;
const model = 'llama3.2';
const messages = [{ role: 'user' as const, content: 'Hello!' }];
const Person = z.object({ name: z.string(), age: z.number().optional(), tags: z.array(z.string()).default([]) });
interface PersonValue {
  name: string;
  age?: number | undefined;
  tags: string[];
}

test('a complete answer has notices, and no parsed value without a format', async () => {
  const answer = await ollama.chat({ model, messages });
  expectTypeOf(answer).toExtend<ChatResponse>();
  expectTypeOf(answer.notices).toEqualTypeOf<Notice[]>();
  expectTypeOf(answer.message.content).toBeString();
  expectTypeOf(answer.message.thinking).toEqualTypeOf<string | undefined>();
  expectTypeOf(answer.message.tool_calls?.[0]?.function.arguments).toEqualTypeOf<Record<string, unknown> | undefined>();
  expectTypeOf(answer.eval_count).toEqualTypeOf<number | undefined>();
  expectTypeOf(answer.created_at).toBeString();
  expectTypeOf(await ollama.generate({ model, prompt: 'Hello!' })).toExtend<GenerateResponse>();
});

test('a field from a newer server can be read', async () => {
  const answer = await ollama.chat({ model, messages });
  expectTypeOf(answer['field_of_tomorrow']).toBeUnknown();
});

test('parsed has the output type of a zod schema, not its input type', async () => {
  const chatted = await ollama.chat({ model, messages, format: Person });
  const generated = await ollama.generate({ model, prompt: 'Hello!', format: Person });
  expectTypeOf(chatted.parsed).toEqualTypeOf<PersonValue>();
  expectTypeOf(generated.parsed).toEqualTypeOf<PersonValue>();
  const list = await ollama.generate({ model, format: z.array(z.literal('yes').or(z.literal('no'))) });
  expectTypeOf(list.parsed).toEqualTypeOf<('yes' | 'no')[]>();
});

test('parsed is unknown for JSON and for a JSON Schema', async () => {
  const schema: JsonSchema = { type: 'object' };
  expectTypeOf((await ollama.chat({ model, messages, format: 'json' })).parsed).toBeUnknown();
  expectTypeOf((await ollama.chat({ model, messages, format: schema })).parsed).toBeUnknown();
  expectTypeOf((await ollama.chat({ model, messages, format: { type: 'object' } })).parsed).toBeUnknown();
  expectTypeOf((await ollama.chat({ model, messages, format: z.toJSONSchema(Person) })).parsed).toEqualTypeOf<
    z.output<typeof Person>
  >();
});

test('streams return chunks, which may have notices', () => {
  expectTypeOf(ollama.chatStream({ model, messages })).toEqualTypeOf<OllamaStream<Chunk<ChatResponse>>>();
  expectTypeOf(ollama.generateStream({ model })).toEqualTypeOf<OllamaStream<Chunk<GenerateResponse>>>();
  expectTypeOf(ollama.pullStream({ model })).toEqualTypeOf<OllamaStream<ProgressResponse>>();
  expectTypeOf(ollama.createStream({ model })).toEqualTypeOf<OllamaStream<CreateResponse>>();
  expectTypeOf(ollama.chatStream({ model, messages }).partial).toEqualTypeOf<Chunk<ChatResponse> | undefined>();
  expectTypeOf(ollama.pullStream({ model }).partial).toEqualTypeOf<ProgressResponse | undefined>();
  expectTypeOf<OllamaStream<number>>().toExtend<AsyncIterable<number>>();
  expectTypeOf<OllamaStream<number>>().toExtend<AsyncDisposable>();
  expectTypeOf<Chunk<ChatResponse>['notices']>().toEqualTypeOf<Notice[] | undefined>();
});

test("the other methods return the server's object", () => {
  expectTypeOf(ollama.embed({ model, input: ['a'] })).resolves.toEqualTypeOf<EmbedResponse>();
  expectTypeOf<EmbedResponse['embeddings']>().toEqualTypeOf<number[][]>();
  expectTypeOf(ollama.embeddings({ model, prompt: 'a' }))
    .resolves.toHaveProperty('embedding')
    .toEqualTypeOf<number[]>();
  expectTypeOf(ollama.list()).resolves.toEqualTypeOf<ListResponse>();
  expectTypeOf(ollama.show({ model })).resolves.toEqualTypeOf<ShowResponse>();
  expectTypeOf(ollama.version()).resolves.toHaveProperty('version').toBeString();
  expectTypeOf(ollama.pull({ model })).resolves.toEqualTypeOf<ProgressResponse>();
  expectTypeOf(ollama.load({ model })).resolves.toEqualTypeOf<GenerateResponse | EmbedResponse>();
  expectTypeOf(ollama.webSearch({ query: 'a' })).resolves.toHaveProperty('results');
  expectTypeOf(ollama.blobs).toEqualTypeOf<Blobs>();
  expectTypeOf(ollama.blobs.has('sha256:0')).resolves.toBeBoolean();
  expectTypeOf(ollama.blobs.upload).parameter(0).toEqualTypeOf<string | Uint8Array>();
  expectTypeOf(ollama.close()).resolves.toBeVoid();
});

test('a complete stream has the same result as the method without Stream', async () => {
  const chat = await ollama.chatStream({ model, messages }).result();
  expectTypeOf(chat).toEqualTypeOf<Awaited<ReturnType<typeof ollama.chat<never>>>>();
  const formatted = await ollama.chatStream({ model, messages, format: Person }).result();
  expectTypeOf(formatted.parsed).toEqualTypeOf<PersonValue>();
  expectTypeOf((await ollama.generateStream({ model, format: Person }).result()).parsed).toEqualTypeOf<PersonValue>();
  expectTypeOf(await ollama.pullStream({ model }).result()).toEqualTypeOf<ProgressResponse>();
  expectTypeOf(await ollama.createStream({ model }).result()).toEqualTypeOf<CreateResponse>();
  const sent = await ollama.conversation({ model, format: Person }).sendStream('Hello!').result();
  expectTypeOf(sent.parsed).toEqualTypeOf<PersonValue>();
});

test('a conversation keeps its format, and a turn may have a different one', async () => {
  const chat = ollama.conversation({ model, format: Person });
  expectTypeOf(chat).toEqualTypeOf<Conversation<typeof Person>>();
  expectTypeOf((await chat.send('Hello!')).parsed).toEqualTypeOf<PersonValue>();
  expectTypeOf((await chat.send('Hello!', { format: z.array(z.number()) })).parsed).toEqualTypeOf<number[]>();
  expectTypeOf(ollama.conversation({ model }).sendStream('Hello!')).toEqualTypeOf<OllamaStream<Chunk<ChatResponse>>>();
});

test('the arguments of a tool have the type of its schema', () => {
  ollama.conversation({
    model,
    tools: [
      {
        name: 'with_zod',
        parameters: z.object({ city: z.string(), days: z.number().default(1) }),
        run(args, { signal }) {
          expectTypeOf(args).toEqualTypeOf<{ city: string; days: number }>();
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        },
      },
      {
        name: 'with_json_schema',
        parameters: { type: 'object' },
        run: (args) => expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>(),
      },
      { type: 'function', function: { name: 'without_handler' } },
    ],
  });
});
