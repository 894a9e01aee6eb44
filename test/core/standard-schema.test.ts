/** Schemas of libraries other than zod, through their common interface (standardschema.dev). */
import { createOllama, Ollama, OllamaError, type ParsedOf } from '@ollama-toolbelt/core/node';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';

const schemas = {
  zod: z.object({ city: z.string(), people: z.array(z.object({ age: z.number() })) }),
  'zod/mini, by z.toJSONSchema': mini.toJSONSchema(
    mini.object({ city: mini.string(), people: mini.array(mini.object({ age: mini.number() })) }),
  ),
  Valibot: toStandardJsonSchema(v.object({ city: v.string(), people: v.array(v.object({ age: v.number() })) })),
  ArkType: type({ city: 'string', people: type({ age: 'number' }).array() }),
};

describe.each(Object.entries(schemas))('a schema of %s', (_, format) => {
  test('is sent as JSON Schema, and returns the value', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.chat({ text: '{"city":"Oslo","people":[{"age":30}]}' });
    const { parsed } = await ollama.chat({ model: 'chat-model', messages: [], format });
    expect(parsed).toEqual({ city: 'Oslo', people: [{ age: 30 }] });
    expect(server.lastRequest.body['format']).toMatchObject({
      type: 'object',
      properties: { city: { type: 'string' }, people: { type: 'array' } },
    });
  });

  test('names the field that does not match', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.chat({ text: '{"city":"Oslo","people":[{"age":"thirty"}]}' });
    await expect(ollama.chat({ model: 'chat-model', messages: [], format })).rejects.toMatchObject({
      code: 'bad_output',
      reason: 'not_schema',
      field: 'people[0].age',
    });
  });

  test('validates the arguments of a tool', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const seen: unknown[] = [];
    const call = (args: Record<string, string | number | never[]>) => ({
      toolCalls: [{ name: 'go', arguments: args }],
    });
    server
      .chat(call({ city: 'Oslo', people: [] }))
      .chat(call({ city: 1 }))
      .chat({ text: 'Done.' });
    const tools = [{ name: 'go', parameters: format, run: (args: unknown) => void seen.push(args) }];
    await ollama.conversation({ model: 'chat-model', tools }).send('Go!');
    expect(seen).toEqual([{ city: 'Oslo', people: [] }]);
    const { messages } = server.lastRequest.body as { messages: { role: string; content: string }[] };
    expect(messages.filter(({ role }) => role === 'tool').at(-1)?.content).toMatch(/^error: .*city/);
  });
});

test('each gives its type', () => {
  type City = { city: string; people: { age: number }[] };
  expectTypeOf<ParsedOf<typeof schemas.zod>>().toEqualTypeOf<City>();
  expectTypeOf<ParsedOf<(typeof schemas)['Valibot']>>().toEqualTypeOf<City>();
  expectTypeOf<ParsedOf<(typeof schemas)['ArkType']>>().toEqualTypeOf<City>();
  expectTypeOf<ParsedOf<(typeof schemas)['zod/mini, by z.toJSONSchema']>>().toEqualTypeOf<City>();
});

test.each([
  ['zod/mini', mini.object({ city: mini.string() })],
  ['Valibot without its converter', v.object({ city: v.string() })],
])('%s is refused by name before anything is sent', async (_, format) => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  await expect(ollama.chat({ model: 'chat-model', messages: [], format: format as object })).rejects.toMatchObject({
    code: 'bad_request',
    hint: expect.stringContaining('z.toJSONSchema(schema)'),
  });
  expect(server.requests).toEqual([]);
});

test('an asynchronous schema is rejected', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  server.chat({ text: '{"city":"Oslo"}' });
  const format = z.object({ city: z.string() }).refine(async () => true);
  await expect(ollama.chat({ model: 'chat-model', messages: [], format })).rejects.toMatchObject({
    code: 'bad_request',
    message: 'The schema validates asynchronously.',
  });
});

describe('new Ollama without a transport', () => {
  test.each([[{ host: '127.0.0.1' }], [undefined], ['http://127.0.0.1:11434']])('%j: use createOllama', (options) => {
    const make = () => new Ollama(options as never);
    expect(make).toThrow(OllamaError);
    expect(make).toThrow('new Ollama needs a transport.');
  });

  test('the compiler says so too', () => {
    // @ts-expect-error: Argument of type '{ host: string; }' is not assignable to "Use createOllama({ host }) …"
    expect(() => new Ollama({ host: '127.0.0.1' })).toThrow();
  });
});
