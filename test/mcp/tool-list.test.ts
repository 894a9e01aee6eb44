import { expect, test } from 'vitest';
import { connect, nowhere } from './connect.ts';

type Json = Record<string, unknown>;

async function listTools() {
  await using connection = await connect({ host: nowhere });
  return (await connection.client.listTools()).tools;
}

/** Every schema inside a schema, itself included. */
function* schemasIn(schema: Json): Generator<Json> {
  yield schema;
  for (const [key, value] of Object.entries(schema)) {
    if (typeof value !== 'object' || value === null) continue;
    const children = key === 'properties' || Array.isArray(value) ? Object.values(value) : [value];
    for (const child of children) if (typeof child === 'object' && child !== null) yield* schemasIn(child as Json);
  }
}

const names = [
  'ollama_chat',
  'ollama_generate',
  'ollama_embed',
  'ollama_list_models',
  'ollama_show_model',
  'ollama_status',
];

test('the tools, in their order', async () => {
  expect((await listTools()).map(({ name }) => name)).toEqual(names);
});

test.each(names)('what hosts see of %s', async (wanted) => {
  const tool = (await listTools()).find(({ name }) => name === wanted);
  expect(tool).toMatchSnapshot();
});

test('every tool has a title and all four hints', async () => {
  for (const { name, title, annotations } of await listTools()) {
    expect(title, name).toMatch(/\w/);
    expect(annotations, name).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: expect.any(Boolean),
      openWorldHint: false,
    });
  }
});

test('schemas use only what all hosts take', async () => {
  for (const { name, inputSchema, outputSchema } of await listTools()) {
    for (const schema of [inputSchema, outputSchema] as Json[]) {
      expect(schema, name).toMatchObject({ type: 'object' });
      for (const keyword of ['anyOf', 'oneOf', 'allOf', '$schema']) expect(schema, name).not.toHaveProperty(keyword);
      for (const inner of schemasIn(schema)) {
        expect(inner, name).not.toHaveProperty('$ref');
        if ('additionalProperties' in inner) expect(inner['additionalProperties'], name).not.toEqual({});
      }
    }
  }
});

test('the list costs a model no more than 1,500 tokens', async () => {
  const visible = (await listTools()).map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  // An estimate without a tokenizer: real ones need about 4.3 bytes of such JSON for a token, so that 3.6 is on the safe side.
  expect(Buffer.byteLength(JSON.stringify(visible)) / 3.6).toBeLessThanOrEqual(1500);
});

test('no description tells the model what to do', async () => {
  for (const { name, description = '' } of await listTools()) {
    expect(description, name).not.toMatch(/\b(always|never|must|should|you|first call|before)\b/i);
    expect(description, name).toContain('Ollama');
  }
});
