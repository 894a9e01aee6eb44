import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/cfworker';
import { beforeAll, expect, test } from 'vitest';
import { connect, nowhere } from '../../fixtures/mcp/connect.ts';
import { pythonWithConverters } from './python.ts';

type Json = Record<string, unknown>;

interface Converted {
  gemini: { name: string; parameters: Json }[];
  plain: { name: string; parameters: Json; strict: boolean }[];
  strict: { name: string; parameters: Json; strict: boolean }[];
}

const args = ['--toolsets', 'inference,models,manage,web', '--allow-dir', import.meta.dirname];

let tools: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['client']['listTools']>>['tools'];
let converted: Converted | { missing: string };

beforeAll(async () => {
  await using connection = await connect({ host: nowhere, args });
  ({ tools } = await connection.client.listTools());
  const python = await pythonWithConverters();
  if ('missing' in python) {
    converted = python;
    return;
  }
  const input = JSON.stringify(tools);
  const { stdout, stderr, status } = spawnSync(python.command, [join(import.meta.dirname, 'convert.py')], {
    input,
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(status, stderr.slice(-2000)).toBe(0);
  converted = JSON.parse(stdout) as Converted;
});

/** A schema and all schemas inside it. */
function* schemasIn(schema: Json): Generator<Json> {
  yield schema;
  for (const child of Object.values((schema['properties'] as Json | undefined) ?? {})) yield* schemasIn(child as Json);
  if (typeof schema['items'] === 'object') yield* schemasIn(schema['items'] as Json);
}

test('google-genai accepts every tool, and so would Gemini and Vertex', (context) => {
  if ('missing' in converted) return context.skip(converted.missing);
  expect(converted.gemini.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
  for (const { name, parameters } of converted.gemini) {
    const { inputSchema } = tools.find((tool) => tool.name === name)!;
    expect(Object.keys((parameters['properties'] as Json | undefined) ?? {}), name).toEqual(
      Object.keys(inputSchema.properties ?? {}),
    );
    for (const schema of schemasIn(parameters)) {
      // Every schema has one type, no description next to `anyOf`, and no empty list of properties.
      expect(schema['type'], name).toMatch(/^(STRING|NUMBER|INTEGER|BOOLEAN|ARRAY|OBJECT)$/);
      expect(schema, name).not.toHaveProperty('any_of');
      if (schema['type'] === 'ARRAY') expect(schema, name).toHaveProperty('items');
      if (schema !== parameters) expect(schema['properties'], name).not.toEqual({});
    }
  }
});

test('openai-agents accepts every tool, in strict mode if its objects are closed', (context) => {
  if ('missing' in converted) return context.skip(converted.missing);
  for (const { name, parameters } of converted.plain)
    expect(parameters, name).toEqual(tools.find((tool) => tool.name === name)!.inputSchema);
  expect(converted.strict.filter(({ strict }) => strict).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ollama_rank', 'ollama_job', 'ollama_show_model', 'ollama_delete_model']),
  );
  for (const { name, parameters, strict } of converted.strict) {
    if (!strict) continue;
    // Strict mode makes every field required: models send null and empty values, which count as omitted.
    expect(parameters['required'], name).toEqual(Object.keys(parameters['properties'] as Json));
    expect(parameters['additionalProperties'], name).toBe(false);
  }
});

test('the validators of the MCP SDKs accept every schema, and valid calls', () => {
  const calls: Record<string, Json> = {
    ollama_chat: {
      model: 'm',
      messages: [{ role: 'user', content: 'x', thinking: 'own key' }],
      options: { top_k: 1, temperature: 0 },
      think: 'true',
      format: { type: 'object', properties: {} },
      keep_alive: '5m',
    },
    ollama_embed: { model: 'm', input: ['a'], options: { num_ctx: 1 } },
    ollama_create_model: { model: 'm', from: 'b', parameters: { top_k: 1 }, license: 'x' },
    ollama_status: {},
  };
  for (const validator of [new AjvJsonSchemaValidator(), new CfWorkerJsonSchemaValidator()]) {
    for (const { name, inputSchema, outputSchema } of tools) {
      expect(() => validator.getValidator(outputSchema as never)).not.toThrow();
      const validate = validator.getValidator(inputSchema as never);
      const args = calls[name];
      if (args !== undefined) expect(validate(args), name).toMatchObject({ valid: true, data: args });
    }
  }
});
