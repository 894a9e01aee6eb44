import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';
import type { Toolset } from '../../../packages/mcp-server/src/tools/tool.ts';
import { connect, nowhere } from '../../fixtures/mcp/connect.ts';

type Json = Record<string, unknown>;

async function listTools(args: readonly string[] = []) {
  await using connection = await connect({ host: nowhere, args });
  return (await connection.client.listTools()).tools;
}

const everything = ['--toolsets', 'inference,models,manage,web'];
const folders = ['--allow-dir', import.meta.dirname, '--allow-write', import.meta.dirname];

/** A schema and all schemas inside it. */
function* schemasIn(schema: Json): Generator<Json> {
  yield schema;
  for (const [key, value] of Object.entries(schema)) {
    if (typeof value !== 'object' || value === null) continue;
    const children = key === 'properties' || Array.isArray(value) ? Object.values(value) : [value];
    for (const child of children) if (typeof child === 'object' && child !== null) yield* schemasIn(child as Json);
  }
}

const namesIn = (...wanted: readonly Toolset[]) =>
  tools.filter(({ toolset }) => wanted.includes(toolset)).map(({ name }): string => name);
const byDefault = namesIn('inference', 'models');
const web = namesIn('web');
const all = tools.map(({ name }) => name);

const namesWith = async (...args: string[]) => (await listTools(args)).map(({ name }) => name);

test('the tools are in a fixed order, whatever the order of the choice', async () => {
  expect(await namesWith()).toEqual(byDefault);
  expect(await namesWith('--toolsets', 'web,manage,models,inference')).toEqual(all);
});

test('single tools are added to toolsets, or are the only ones if no toolsets are named', async () => {
  expect(await namesWith('--tools', 'ollama_status,ollama_chat')).toEqual(['ollama_chat', 'ollama_status']);
  expect(await namesWith('--toolsets', 'web', '--tools', 'ollama_chat')).toEqual(['ollama_chat', ...web]);
  expect(await namesWith('--exclude-tools', 'ollama_chat')).toEqual(byDefault.slice(1));
});

test('read-only overrides everything', async () => {
  expect(await namesWith(...everything, '--tools', 'ollama_delete_model', '--read-only')).toEqual(
    namesIn('inference', 'models', 'web'),
  );
});

// If a tool is new or changed, check what hosts will see, then run `pnpm exec vitest run -u` with this file.
test.each(all)('what hosts see of %s', async (wanted) => {
  const tool = (await listTools([...everything, ...folders])).find(({ name }) => name === wanted);
  expect(tool).toMatchSnapshot();
});

test('files are only in the schemas if a folder is allowed', async () => {
  const fieldsOf = (tools: Awaited<ReturnType<typeof listTools>>) =>
    tools.filter(({ inputSchema }) => 'files' in (inputSchema.properties ?? {})).map(({ name }) => name);
  expect(fieldsOf(await listTools(everything))).toEqual([]);
  expect(fieldsOf(await listTools(['--allow-dir', import.meta.dirname]))).toEqual([
    'ollama_chat',
    'ollama_generate',
    'ollama_rank',
  ]);
});

/** Tools that contact other servers than Ollama. The snapshots above show the other hints. */
const asking = ['ollama_pull_model', 'ollama_push_model', ...web];

test('every tool has a title and all four hints, and only the manage tools change anything', async () => {
  for (const { name, title, annotations } of await listTools(everything)) {
    expect(title, name).toMatch(/\w/);
    const readOnlyHint = !namesIn('manage').includes(name);
    expect(annotations, name).toEqual({
      readOnlyHint,
      destructiveHint: readOnlyHint ? false : expect.any(Boolean),
      idempotentHint: expect.any(Boolean),
      openWorldHint: asking.includes(name),
    });
  }
});

test('schemas only use what all hosts accept', async () => {
  for (const { name, inputSchema, outputSchema } of await listTools(everything)) {
    for (const schema of [inputSchema, outputSchema] as Json[]) {
      expect(schema, name).toMatchObject({ type: 'object', properties: {} });
      for (const keyword of ['anyOf', 'oneOf', 'allOf', '$schema']) expect(schema, name).not.toHaveProperty(keyword);
      for (const inner of schemasIn(schema)) {
        for (const keyword of ['$ref', 'const', 'propertyNames', 'unlisted', 'listedAs', 'meantEmpty'])
          expect(inner, name).not.toHaveProperty(keyword);
        expect(inner['additionalProperties'], name).not.toBeTypeOf('boolean');
        if (inner['type'] === 'array') expect(inner, name).toHaveProperty('items');
        // A free object only has a type.
        if (inner['type'] === 'object' && inner !== inputSchema && !('properties' in inner))
          expect(inner['additionalProperties'], name).not.toEqual({});
      }
    }
    for (const inner of schemasIn(inputSchema as Json)) {
      expect(inner, name).not.toHaveProperty('anyOf');
      expect(inner['properties'], name).not.toEqual(inner === inputSchema ? undefined : {});
    }
  }
});

test.each([
  ['by default', []],
  ['with an allowed folder', folders.slice(0, 2)],
  ['with folders to read and to write', folders],
])('the list uses at most 1,500 tokens of a model %s', async (_, args) => {
  const visible = (await listTools(args)).map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  const advice = 'shorten the descriptions, or let the tool wait in a toolset that is not on by default';
  expect(countTokens(JSON.stringify(visible)), advice).toBeLessThanOrEqual(1500);
});

test('no description tells the model what to do', async () => {
  for (const { name, description = '' } of await listTools(everything)) {
    expect(description, name).not.toMatch(/\b(always|never|must|should|you|first call|before)\b/i);
    expect(description, name).toContain('Ollama');
  }
});
