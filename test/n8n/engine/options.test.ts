import { ChatRequest, EmbedRequest, GenerateRequest, ModelOptions } from '@ollama-toolbelt/core/schemas';
import { scriptedModel } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { beforeEach, describe, expect, test } from 'vitest';
import { chat, embed, generate } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const models = [
  scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools', 'thinking', 'insert'] }),
  scriptedModel({ name: 'embedding-model', capabilities: ['embedding'] }),
];
const { engine, server } = await useEngine({ models });

beforeEach(() => {
  server.always.chat({ text: 'ok' });
  server.always.generate({ text: 'ok' });
  server.always.embed([[1]]);
});

const timeouts = ['firstByteMs', 'idleMs'];
/** Options for the node itself, which have their own tests. */
const local = [
  'ask_again',
  'batchSize',
  'batching',
  'list_output',
  'max_rounds',
  'more_fields',
  'more_options',
  'output_messages',
  'stream',
  'strip_thinking',
];
const users = [
  { name: 'chat', resource: 'chat', schema: ChatRequest, parameters: chat },
  { name: 'generate', resource: 'generate', schema: GenerateRequest, parameters: generate },
  { name: 'embed', resource: 'embedding', schema: EmbedRequest, parameters: embed },
] as const;

/** The Options collection of a resource. */
function offered(resource: string): INodeProperties[] {
  const { properties } = engine.node.description;
  const collection = properties.find(
    ({ name, displayOptions }) => name === 'options' && displayOptions?.show?.['resource']?.includes(resource),
  );
  return collection!.options as INodeProperties[];
}

/** A value that a person might set, other than the default. */
function valueFor({ name, type, default: initial, options, typeOptions }: INodeProperties): unknown {
  if (typeOptions?.multipleValues === true) return ['a, b', '\n'];
  if (type === 'number') return typeOptions?.numberPrecision === 0 ? 7 : 0.25;
  if (type === 'boolean') return initial !== true;
  if (type === 'options') return (options as { value: string }[])[0]!.value;
  return name === 'keep_alive' ? '12m' : `a ${name}`;
}

async function bodyFor(parameters: INodeParameters): Promise<Record<string, unknown>> {
  const { error } = await engine.run({ parameters, credential: { baseUrl: server.host } });
  expect(error).toBeUndefined();
  return server.lastRequest.body;
}

describe.each(users)('options of $name', ({ resource, schema, parameters }) => {
  test('are the fields of the request and of the model, and no others', () => {
    const names = offered(resource)
      .map(({ name }) => name)
      .filter((name) => !local.includes(name));
    const known = [...Object.keys(schema.shape), ...Object.keys(ModelOptions.shape), ...timeouts];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['keep_alive', 'truncate', ...timeouts]));
    expect(new Set(names).size).toBe(names.length);
  });

  test('are sent where Ollama reads them, only if added, with the correct type', async () => {
    const plain = await bodyFor(parameters());
    expect(Object.keys(plain)).not.toContain('options');
    for (const property of offered(resource)) {
      const { name } = property;
      if (local.includes(name)) continue;
      const value = valueFor(property);
      const body = await bodyFor(parameters({ options: { [name]: value } as INodeParameters }));
      const added = timeouts.includes(name)
        ? {}
        : name in ModelOptions.shape
          ? { options: { [name]: value } }
          : { [name]: value };
      expect(body, name).toEqual({ ...plain, ...added });
      expect(
        schema.strict().extend({ options: ModelOptions.strict().optional() }).safeParse(body).error,
        name,
      ).toBeUndefined();
    }
  });

  test('all at once too, as texts from expressions', async () => {
    const plain = await bodyFor(parameters());
    // The server rejects `raw` together with a template or a system prompt.
    const properties = offered(resource).filter(({ name }) => ![...timeouts, ...local, 'raw'].includes(name));
    const wanted = Object.fromEntries(properties.map((property) => [property.name, valueFor(property)]));
    const asText = Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [name, Array.isArray(value) ? value : `={{ "${String(value)}" }}`]),
    );
    const body = await bodyFor(parameters({ options: asText as INodeParameters }));
    const { options, ...rest } = body;
    if (resource === 'chat') {
      expect({ ...rest, ...(options as object) }).toEqual({ ...plain, ...wanted });
      return;
    }
    expect({ ...rest, ...(options as object) }).toEqual({ ...plain, ...wanted });
    expect(Object.keys(options as object).sort()).toEqual(
      Object.keys(wanted)
        .filter((name) => name in ModelOptions.shape)
        .sort(),
    );
  });

  test('whose expression has no result are not sent', async () => {
    const plain = await bodyFor(parameters());
    const empty = { num_ctx: '={{ $json.nothing }}', truncate: '={{ "" }}', keep_alive: '={{ $json.nothing }}' };
    expect(await bodyFor(parameters({ options: empty }))).toEqual(plain);
  });
});

test('chat and generate offer every model option that the core knows', () => {
  for (const resource of ['chat', 'generate']) {
    expect(offered(resource).map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(ModelOptions.shape)));
  }
});

test('options that were added and left empty are not sent', async () => {
  const plain = await bodyFor(chat());
  // The editor has stored each of these.
  for (const empty of [[], [''], [[]], '', ['', '']]) {
    const options = { stop: empty } as INodeParameters;
    expect(await bodyFor(chat({ options })), JSON.stringify(empty)).toEqual(plain);
  }
  const some = { stop: ['', 'END', [] as never] } as INodeParameters;
  expect((await bodyFor(chat({ options: some })))['options']).toEqual({ stop: ['END'] });
});

test('collections that were added and left empty have no effect', async () => {
  const plain = await bodyFor(chat());
  const empty: INodeParameters[] = [
    { options: {} },
    { options: { batching: {} } },
    { options: { batching: { values: {} } } },
    { options: { more_options: '', more_fields: '{}' } },
    { outputFields: {}, imageFields: '' },
  ];
  for (const parameters of empty) expect(await bodyFor(chat(parameters)), JSON.stringify(parameters)).toEqual(plain);
  const rows = { outputFormat: 'fields', outputFields: { values: [{}, { name: 'a' }, { name: ' ' }] } };
  server.reset();
  server.always.chat({ text: '{"a":"b"}' });
  expect(await bodyFor(chat(rows as INodeParameters))).toMatchObject({ format: { required: ['a'] } });
});

test('an added option does what its name says, and no timeout comes back', () => {
  const added = Object.fromEntries(offered('chat').map(({ name, default: value }) => [name, value]));
  expect(added).toMatchObject({ firstByteMs: 0, think: true, stop: '' });
  const batching = offered('chat').find(({ name }) => name === 'batching')!;
  expect(JSON.stringify(batching)).toMatch(/"default":4/);
});

test('labels have units, and decimals as people type them', () => {
  for (const resource of ['chat', 'generate', 'embedding']) {
    for (const { displayName, name, typeOptions } of offered(resource)) {
      if (name.endsWith('Ms')) expect(displayName).toMatch(/\(Seconds\)$/);
      expect(typeOptions?.numberPrecision ?? 0, name).toBe(0);
    }
  }
});

test('the most used options come first', () => {
  expect(offered('chat').map(({ displayName }) => displayName)).toEqual(
    expect.arrayContaining(['Temperature', 'Max Tokens', 'Context Length']),
  );
  expect(
    offered('generate')
      .slice(0, 3)
      .map(({ name }) => name),
  ).toEqual(['temperature', 'num_predict', 'num_ctx']);
});

test('keep_alive accepts a duration, seconds and -1', async () => {
  for (const [given, sent] of [
    ['10m', '10m'],
    ['-1', -1],
    ['300', 300],
    ['0', 0],
  ]) {
    expect((await bodyFor(chat({ options: { keep_alive: given! } })))['keep_alive']).toBe(sent);
  }
});

test('thinking can be turned off and on, also by a text from an expression', async () => {
  for (const [given, sent] of [
    [false, false],
    [true, true],
    ['={{ "true" }}', true],
    ['={{ "false" }}', false],
    ['={{ " false " }}', false],
    ['={{ " high " }}', 'high'],
    ['low', 'low'],
  ] as const) {
    expect((await bodyFor(chat({ options: { think: given } })))['think']).toBe(sent);
  }
});
