import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { sourceDirectory } from './packed-nodes.ts';
import { chat, embed, generate, locator, model, server as serverOperation } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

interface Schema {
  type: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

const fileOf = (operation: string) =>
  path.join(sourceDirectory, `nodes/OllamaBelt/__schema__/v1.0.0/${operation}.json`);

/** The output that the editor suggests before the node has run. */
function previewOf(operation: string, value: unknown): Schema {
  const file = fileOf(operation);
  if (process.env['UPDATE_PREVIEWS'] === '1' && !existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ ...schemaOf(value), version: 1 }, null, 2)}\n`);
  }
  if (!existsSync(file)) throw new Error(`There is no ${file}: run this file with UPDATE_PREVIEWS=1, which writes it.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function schemaOf(value: unknown): Schema {
  if (Array.isArray(value)) return { type: 'array', items: schemaOf(value[0]) };
  if (Number.isInteger(value)) return { type: 'integer' };
  if (typeof value !== 'object' || value === null) return { type: typeof value };
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(value).map(([name, part]) => [name, schemaOf(part)])),
  };
}

/** The places where a value differs from its preview. */
function differences(value: unknown, { type, properties, items }: Schema, place: string): string[] {
  if (type === 'array') return (value as unknown[]).flatMap((entry) => differences(entry, items!, `${place}[]`));
  if (type === 'integer') return Number.isInteger(value) ? [] : [place];
  if (typeof value !== type) return [place];
  if (properties === undefined) return [];
  return Object.entries(value as object).flatMap(([name, part]) =>
    properties[name] ? differences(part, properties[name], `${place}.${name}`) : [`${place}.${name}`],
  );
}

const onModel = (operation: string, more: INodeParameters = {}) =>
  model(operation, { model: locator('chat-model'), ...more });

/** Each operation. */
const runs: Record<string, INodeParameters> = {
  'chat/send': chat({ outputFormat: 'json', options: { logprobs: true } }),
  'generate/send': generate({ options: { num_predict: 1 } }),
  'embedding/embed': embed(),
  'embedding/rank': { ...embed(), operation: 'rank', query: 'x', text: '={{ $json.text }}' },
  'model/create': onModel('create', { model: locator('new'), from: locator('chat-model') }),
  'model/copy': onModel('copy', { destination: 'copy' }),
  'model/get': onModel('get'),
  'model/getAll': model('getAll', { returnAll: true }),
  'model/load': onModel('load'),
  'model/getRunning': model('getRunning'),
  'model/unload': onModel('unload'),
  'model/pull': onModel('pull'),
  'model/push': onModel('push'),
  'server/status': serverOperation('status'),
  'server/version': serverOperation('version'),
  'model/delete': model('delete', { model: locator('old') }),
};

/** What makes the model that an operation needs. */
const before: Record<string, INodeParameters> = {
  'model/getRunning': onModel('load'),
  'model/delete': onModel('copy', { destination: 'old' }),
};

test('every operation has a preview', () => {
  const { properties } = engine.node.description;
  const offered = properties
    .filter(({ name }) => name === 'operation')
    .flatMap(({ displayOptions, options }) =>
      options!.map((option) => `${displayOptions!.show!['resource']![0]}/${(option as INodePropertyOptions).value}`),
    );
  expect(Object.keys(runs).sort(), 'each operation has a row in `runs`').toEqual(offered.sort());
});

describe.each(Object.entries(runs))('%s', (operation, parameters) => {
  test('outputs what its preview says, in at most ten fields', async () => {
    if (operation === 'chat/send') server.chat({ text: '{"a":1}', thinking: 'Hm', doneReason: 'length' });
    const run = (parameters: INodeParameters) =>
      engine.run({ parameters, credential: { baseUrl: server.host }, items: [{ text: 'word' }] });
    if (before[operation]) await run(before[operation]);
    const { error, outputs } = await run(parameters);
    expect(error).toBeUndefined();
    const preview = previewOf(operation, outputs[0]![0]!.json);
    expect(Object.keys(preview.properties!).length).toBeLessThanOrEqual(10);
    for (const { json } of outputs[0]!) expect(differences(json, preview, operation)).toEqual([]);
  });
});
