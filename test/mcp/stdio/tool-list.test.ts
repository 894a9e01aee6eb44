import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { connect, nowhere } from '../../fixtures/mcp/connect.ts';

type Json = Record<string, unknown>;

async function listTools(args: readonly string[] = []) {
  await using connection = await connect({ host: nowhere, args });
  return (await connection.client.listTools()).tools;
}

const everything = ['--toolsets', 'inference,models,manage,web'];

/** Every schema inside a schema, itself included. */
function* schemasIn(schema: Json): Generator<Json> {
  yield schema;
  for (const [key, value] of Object.entries(schema)) {
    if (typeof value !== 'object' || value === null) continue;
    const children = key === 'properties' || Array.isArray(value) ? Object.values(value) : [value];
    for (const child of children) if (typeof child === 'object' && child !== null) yield* schemasIn(child as Json);
  }
}

const byDefault = [
  'ollama_chat',
  'ollama_generate',
  'ollama_embed',
  'ollama_rank',
  'ollama_job',
  'ollama_list_models',
  'ollama_show_model',
  'ollama_status',
];
const manage = ['pull', 'push', 'create', 'copy', 'delete', 'load', 'unload'].map((verb) => `ollama_${verb}_model`);
const web = ['ollama_web_search', 'ollama_web_fetch'];
const all = [...byDefault, ...manage, ...web];

const namesWith = async (...args: string[]) => (await listTools(args)).map(({ name }) => name);

test('the tools, in their order, whatever the order in which they were chosen', async () => {
  expect(await namesWith()).toEqual(byDefault);
  expect(await namesWith('--toolsets', 'web,manage,models,inference')).toEqual(all);
});

test('single tools come besides toolsets, and alone where none are named', async () => {
  expect(await namesWith('--tools', 'ollama_status,ollama_chat')).toEqual(['ollama_chat', 'ollama_status']);
  expect(await namesWith('--toolsets', 'web', '--tools', 'ollama_chat')).toEqual(['ollama_chat', ...web]);
  expect(await namesWith('--exclude-tools', 'ollama_chat')).toEqual(byDefault.slice(1));
});

test('read-only wins over all', async () => {
  expect(await namesWith(...everything, '--tools', 'ollama_delete_model', '--read-only')).toEqual([
    ...byDefault,
    ...web,
  ]);
});

test.each(all)('what hosts see of %s', async (wanted) => {
  const tool = (await listTools([...everything, '--allow-dir', import.meta.dirname])).find(
    ({ name }) => name === wanted,
  );
  expect(tool).toMatchSnapshot();
});

test('files are in the schemas only where a folder is allowed', async () => {
  const fieldsOf = (tools: Awaited<ReturnType<typeof listTools>>) =>
    tools.filter(({ inputSchema }) => 'files' in (inputSchema.properties ?? {})).map(({ name }) => name);
  expect(fieldsOf(await listTools(everything))).toEqual([]);
  expect(fieldsOf(await listTools(['--allow-dir', import.meta.dirname]))).toEqual([
    'ollama_chat',
    'ollama_generate',
    'ollama_rank',
  ]);
});

/** What changes nothing, what only adds or can be undone, and what loses or publishes something. */
const hints: Record<string, [readOnly: boolean, destructive: boolean, openWorld: boolean]> = {
  ...Object.fromEntries(byDefault.map((name) => [name, [true, false, false]])),
  ...Object.fromEntries(web.map((name) => [name, [true, false, true]])),
  ollama_pull_model: [false, false, true],
  ollama_push_model: [false, true, true],
  ollama_create_model: [false, true, false],
  ollama_copy_model: [false, true, false],
  ollama_delete_model: [false, true, false],
  ollama_load_model: [false, false, false],
  ollama_unload_model: [false, false, false],
};

test('every tool has a title and all four hints', async () => {
  for (const { name, title, annotations } of await listTools(everything)) {
    expect(title, name).toMatch(/\w/);
    const [readOnlyHint, destructiveHint, openWorldHint] = hints[name] ?? [];
    const idempotentHint = expect.any(Boolean);
    expect(annotations, name).toEqual({ readOnlyHint, destructiveHint, idempotentHint, openWorldHint });
  }
});

test('schemas use only what all hosts take', async () => {
  for (const { name, inputSchema, outputSchema } of await listTools(everything)) {
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

test.each([
  ['by default', []],
  ['with an allowed folder', ['--allow-dir', import.meta.dirname]],
])('the list costs a model no more than 1,500 tokens %s', async (_, args) => {
  const visible = (await listTools(args)).map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  expect(countTokens(JSON.stringify(visible))).toBeLessThanOrEqual(1500);
});

test('no description tells the model what to do', async () => {
  for (const { name, description = '' } of await listTools(everything)) {
    expect(description, name).not.toMatch(/\b(always|never|must|should|you|first call|before)\b/i);
    expect(description, name).toContain('Ollama');
  }
});
