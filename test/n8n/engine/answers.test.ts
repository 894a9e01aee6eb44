import { gate, scriptedModel } from '@ollama-toolbelt/ollama-server';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { holdTimeout } from './held-timeout.ts';
import { chat, generate } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const models = [scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools', 'thinking'] })];
const { engine, server } = await useEngine({ models });

const run = (parameters: INodeParameters, more: Partial<NodeSetup> = {}) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, ...more });

/** The only item that the node outputs. */
async function itemOf(parameters: INodeParameters, more: Partial<NodeSetup> = {}): Promise<IDataObject> {
  const { error, outputs } = await run(parameters, more);
  expect(error).toBeUndefined();
  return outputs[0]![0]!.json;
}

describe('output format', () => {
  const fields = {
    values: [
      { name: 'subject', type: 'string', description: 'In five words' },
      { name: 'urgency', type: 'enum', choices: 'low, high' },
      { name: 'tags', type: 'strings' },
      { name: 'sizes', type: 'numbers' },
      { name: ' count ', type: 'integer' },
      { name: 'spam', type: 'boolean', choices: '={{ $json.leftFromAnotherType }}' },
      { name: '', type: 'string' },
    ],
  };

  test('from fields', async () => {
    const { parsed } = await itemOf(chat({ outputFormat: 'fields', outputFields: fields }));
    expect(Object.keys(parsed as object)).toEqual(['subject', 'urgency', 'tags', 'sizes', 'count', 'spam']);
    expect(server.lastRequest.body['format']).toEqual({
      type: 'object',
      properties: {
        subject: { type: 'string', description: 'In five words' },
        urgency: { type: 'string', enum: ['low', 'high'] },
        tags: { type: 'array', items: { type: 'string' } },
        sizes: { type: 'array', items: { type: 'number' } },
        count: { type: 'integer' },
        spam: { type: 'boolean' },
      },
      required: ['subject', 'urgency', 'tags', 'sizes', 'count', 'spam'],
    });
  });

  test('from optional fields', async () => {
    server.chat({ text: '{"subject":"x"}' });
    const [subject, , tags] = fields.values;
    const outputFields = { values: [subject!, { ...tags!, required: false }] };
    expect(await itemOf(chat({ outputFormat: 'fields', outputFields }))).toMatchObject({ parsed: { subject: 'x' } });
    expect(server.lastRequest.body['format']).toMatchObject({ required: ['subject'] });
  });

  test('from a field whose choices come from an expression', async () => {
    const outputFields = { values: [{ name: 'city', type: 'enum', choices: '={{ ["a, b", null, "c"] }}' }] };
    server.chat({ text: '{"city":"c"}' });
    await itemOf(chat({ outputFormat: 'fields', outputFields }));
    expect(server.lastRequest.body['format']).toMatchObject({ properties: { city: { enum: ['a, b', 'c'] } } });
  });

  test('from an example', async () => {
    const jsonExample = '{ "name": "Ada", "lines": [{ "price": 2, "new": true }], "none": null, "any": [] }';
    await itemOf(generate({ outputFormat: 'example', jsonExample }));
    expect(server.lastRequest.body['format']).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string' },
        lines: {
          type: 'array',
          items: {
            type: 'object',
            properties: { price: { type: 'number' }, new: { type: 'boolean' } },
            required: ['price', 'new'],
          },
        },
        none: {},
        any: { type: 'array' },
      },
      required: ['name', 'lines', 'none', 'any'],
    });
  });

  const rows = (...values: object[]) => ({ outputFormat: 'fields', outputFields: { values } as never });
  test.each([
    [{ outputFormat: 'fields' }, 'Name at least one output field', /^Add a field/],
    [rows({ name: 'a' }, { name: ' a ' }), 'Two output fields are called a', /a different name/],
    [rows({ name: 'a', type: 'enum', choices: ' , ' }), 'The output field a has no choices', /in Choices/],
    [{ outputFormat: 'example', jsonExample: '[' }, 'The example is not a JSON object', /^Write it like \{ "summary"/],
    [{ outputFormat: 'schema', jsonSchema: '[' }, 'The JSON Schema is not a JSON object', /^Write it like \{ "type"/],
  ])('that is missing: %j', async (parameters, message, description) => {
    const { error } = await run(chat(parameters));
    expect(error).toMatchObject({ message, description: expect.stringMatching(description) });
    expect(error!.context).toMatchObject({ itemIndex: 0 });
    expect(server.requests).toHaveLength(0);
  });

  test('that the model does not follow', async () => {
    server.always.chat({ text: '{"subject":"x"}' });
    const { error } = await run(chat({ outputFormat: 'fields', outputFields: fields }));
    expect(server.requestsTo('/api/chat')).toHaveLength(2);
    expect(error!.message).toMatch(
      /is not what was asked for: .*required property "urgency"; .*required property "tags"/,
    );
    expect(error!.description).toMatch(/It was: \{"subject":"x"\}$/);
  });
});

describe('options of the node', () => {
  test('fields and options of a newer Ollama, as JSON', async () => {
    const options = {
      num_ctx: 1024,
      more_options: '{ "new_option": [1] }',
      more_fields: '{ "new_field": { "a": 1 } }',
    };
    await itemOf(chat({ options }));
    expect(server.lastRequest.body).toMatchObject({
      options: { num_ctx: 1024, new_option: [1] },
      new_field: { a: 1 },
    });
    const { error } = await run(chat({ options: { more_fields: '[1]' } }));
    expect(error).toMatchObject({
      message: 'The option More Request Fields is not a JSON object',
      description: 'Use the form { "name": 1 }.',
      context: { itemIndex: 0 },
    });
  });

  const four = { items: [0, 1, 2, 3].map((n) => ({ n })) };
  const numbered = (values: INodeParameters) =>
    generate({ prompt: '={{ $json.n }}', options: { batching: { values } } });
  const texts = (outputs: Awaited<ReturnType<typeof run>>['outputs']) => outputs[0]!.map(({ json }) => json['text']);

  test('Batching processes several items at a time and keeps their order', async () => {
    const [first, second] = [gate(), gate()];
    // The first item ends last.
    server.generate({ text: [first, 'a'] }).generate({ text: [second, 'b'] });
    server.always.generate(({ body }) => ({ text: String(body['prompt']) }));
    const running = run(numbered({ concurrency: 2 }), four);
    await first.reached;
    await second.reached;
    expect(server.requests).toHaveLength(2);
    second.release();
    await expect.poll(() => server.requests.length).toBe(4);
    first.release();
    const { outputs } = await running;
    expect(texts(outputs).slice(2)).toEqual(['2', '3']);
    expect(new Set(texts(outputs).slice(0, 2))).toEqual(new Set(['a', 'b']));
    expect(outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
  });

  test('one item at a time without it, and a pause between them if requested', async () => {
    const pause = holdTimeout(40);
    const running = run(numbered({ concurrency: 1, pauseSeconds: 0.04 }), four);
    for (const done of [1, 2, 3]) {
      await Promise.race([pause.set(), running]);
      await server.allClosed();
      expect(server.requests.map(({ outcome }) => outcome)).toEqual(Array(done).fill('complete'));
      pause.end();
    }
    const { status, outputs } = await running;
    expect(status).toBe('success');
    expect(outputs[0]).toHaveLength(4);
    expect(server.requests).toHaveLength(4);
  });

  test('the first batch starts without a pause', async () => {
    const values = { concurrency: 2, pauseSeconds: 3600 };
    const { outputs } = await run(numbered(values), { items: four.items.slice(0, 2) });
    expect(outputs[0]).toHaveLength(2);
  });

  test('the first failing item stops those that run at the same time', async () => {
    const stall = gate();
    server.generate({ text: [stall, 'a'] });
    server.generate(() => undefined);
    const parameters = numbered({ concurrency: 2 });
    const bad = {
      ...parameters,
      model: { __rl: true, mode: 'name', value: '={{ $json.n === 1 ? "nope" : "chat-model" }}' },
    };
    const { status, error } = await run(bad, four);
    expect(status).toBe('error');
    expect(error!.message).toMatch(/^model 'nope' not found/);
    expect(error!.context).toMatchObject({ itemIndex: 1 });
    await server.allClosed();
    expect(server.requestsTo('/api/generate')).toHaveLength(2);
  });
});

describe('while the workflow streams its answer', () => {
  test('the text is sent as it arrives', async () => {
    const stop = gate();
    server.chat({ thinking: 'Hm', text: ['Hel', stop, 'lo'] });
    const running = run(chat(), { streaming: true });
    await stop.reached;
    stop.release();
    const { chunks, outputs } = await running;
    expect(chunks).toEqual(['<begin>', 'Hel', 'lo', '<end>']);
    expect(outputs[0]![0]!.json).toMatchObject({ text: 'Hello', thinking: 'Hm' });
    server.generate({ text: ['a', 'b'] });
    expect((await run(generate(), { streaming: true })).chunks).toEqual(['<begin>', 'a', 'b', '<end>']);
  });

  test('but not with Stream off, nor if nobody waits for it', async () => {
    expect((await run(chat({ options: { stream: false } }), { streaming: true })).chunks).toEqual([]);
    expect((await run(chat())).chunks).toEqual([]);
  });

  test('it ends when the answer fails', async () => {
    server.chat({ text: ['Hel'], failure: 'boom' });
    const { chunks, error } = await run(chat(), { streaming: true });
    // The engine itself reports the failure, after the end that the node has sent.
    expect(chunks.slice(0, 3)).toEqual(['<begin>', 'Hel', '<end>']);
    expect(chunks.filter((chunk) => chunk === '<end>')).toHaveLength(1);
    expect(error!.message).toMatch(/^boom/);
  });
});

describe('notices with the output', () => {
  test('tokens are added to n8n’s count', async () => {
    server.always.chat({ text: 'ok', counts: { prompt: 7, answer: 2 } });
    const { tokenUsage } = await run(chat(), { items: [{}, {}] });
    expect(tokenUsage).toMatchObject({ inputTokens: 14, outputTokens: 4 });
  });

  test('an answer that reached its maximum length, once for all items it happened to', async () => {
    server.always.chat({ text: 'x', doneReason: 'length' });
    const { hints, outputs } = await run(chat(), { items: Array.from({ length: 7 }, () => ({})) });
    const message =
      'The answer reached its maximum length and may be incomplete: raise Max Tokens or Context Length. (items 0, 1, 2, 3, 4, …)';
    expect(hints).toMatchObject([{ message, type: 'warning', location: 'outputPane' }]);
    expect(outputs[0]![0]!.json['notices']).toMatchObject([{ code: 'stopped_at_length' }]);
  });

  test('items are named in order, whichever ends first', async () => {
    const first = gate();
    server.always.generate(({ body }) => ({ text: body['prompt'] === '0' ? [first, 'x'] : 'x', doneReason: 'length' }));
    const parameters = { prompt: '={{ $json.n }}', options: { batching: { values: { concurrency: 2 } } } };
    const running = run(generate(parameters), { items: [{ n: 0 }, { n: 1 }, { n: 2 }] });
    // The third is sent once the second is over.
    await expect.poll(() => server.requests.length).toBe(3);
    first.release();
    const { hints } = await running;
    expect(hints).toMatchObject([{ message: expect.stringMatching(/ \(items 0, 1, 2\)$/) }]);
  });

  test('a prompt that was cut', async () => {
    server.chat({ text: 'x', counts: { prompt: 20 } });
    const content = 'word '.repeat(400);
    const { hints } = await run(chat({ messages: { values: [{ role: 'user', content }] } }));
    expect(hints[0]!.message).toMatch(
      /^The server truncated the prompt.* Raise Context Length, or switch the option Truncate off/,
    );
  });

  test('each option that the server ignores', async () => {
    const more_options = JSON.stringify({ low_vram: true, keep_alive: '5m' });
    const { hints } = await run(chat({ options: { more_options } }));
    expect(hints.map(({ message }) => message)).toEqual([
      'The server ignores the model option low_vram: it does not know it, or no longer does.',
      'The server ignores keep_alive among the model options: put it into More Request Fields.',
    ]);
  });

  test('each field that the server ignores', async () => {
    const more_fields = JSON.stringify({ max_tokens: 5, response_format: 'json' });
    const { hints, outputs } = await run(chat({ options: { more_fields } }));
    const messages = [
      'The server ignores the field max_tokens: did you mean options.num_predict?',
      'The server ignores the field response_format: did you mean format?',
    ];
    expect(hints.map(({ message }) => message)).toEqual(messages);
    expect(outputs[0]![0]!.json['notices']).toEqual(messages.map((message) => ({ code: 'field_ignored', message })));
  });

  /** An answer after the model was loaded for so long. */
  const loadedFor = (load_duration: number) => ({
    lines: [
      {
        model: 'chat-model',
        created_at: 't',
        message: { role: 'assistant', content: 'x' },
        done: true,
        done_reason: 'stop',
        load_duration,
      },
    ],
  });

  test.each([
    ['5.0', 5_000_000_000, ['Loading the model took 5 s. The option Keep Alive keeps it loaded for longer.']],
    ['12.3', 12_300_000_000, ['Loading the model took 12 s. The option Keep Alive keeps it loaded for longer.']],
    ['4.9', 4_900_000_000, []],
  ])('a model that took long to load: %s s', async (_, duration, messages) => {
    server.chat(loadedFor(1)).chat(loadedFor(duration)).chat(loadedFor(1));
    const { hints } = await run(chat(), { items: [{}, {}, {}] });
    expect(hints).toMatchObject(messages.map((message) => ({ message, type: 'info', location: 'outputPane' })));
  });

  test.each([
    [1024, 2048, 'from 1024 to 2048'],
    ['', 2048, 'from unset to 2048'],
    [1024, '', 'from 1024 to unset'],
  ])('a model that was reloaded, since the context length %j became %j', async (first, second, change) => {
    server.chat(loadedFor(1)).chat(loadedFor(90_000_000));
    const parameters = chat({ options: { num_ctx: '={{ $json.n }}' } });
    const { hints } = await run(parameters, { items: [{ n: first }, { n: second }] });
    expect(hints.map(({ message }) => message)).toContain(
      `The model was reloaded (90 ms), since Context Length changed ${change}: keep it the same in all calls. (item 1)`,
    );
  });

  test('and none if everything is fine', async () => {
    expect((await run(chat())).hints).toEqual([]);
  });
});
