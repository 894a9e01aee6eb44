import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gate, scriptedModel } from '@ollama-toolbelt/ollama-server';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { holdTimeout } from './held-timeout.ts';
import { chat, generate } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const models = [scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools', 'thinking', 'vision'] })];
const { engine, server } = await useEngine({ models });

const run = (parameters: INodeParameters, more: Partial<NodeSetup> = {}) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, ...more });

/** The only item that the node outputs. */
async function itemOf(parameters: INodeParameters, more: Partial<NodeSetup> = {}): Promise<IDataObject> {
  const { error, outputs } = await run(parameters, more);
  expect(error).toBeUndefined();
  return outputs[0]![0]!.json;
}

describe('messages', () => {
  const json = (messagesJson: string, more = {}) => chat({ messageSource: 'json', messagesJson, ...more });

  test('as JSON, unchanged, with the system prompt first', async () => {
    const history = [
      { role: 'user', content: 'Look' },
      { role: 'assistant', content: '', tool_calls: [{ function: { name: 'look', arguments: { at: 'x' } } }] },
      { role: 'tool', content: 'a cat', tool_name: 'look' },
    ];
    for (const given of [JSON.stringify(history), '={{ $json.history }}']) {
      await itemOf(json(given, { systemMessage: 'Be brief.' }), { items: [{ history }] });
      expect(server.lastRequest.body['messages']).toEqual([{ role: 'system', content: 'Be brief.' }, ...history]);
    }
  });

  test('from all items at once', async () => {
    const items = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ];
    await itemOf(json('={{ $input.all().map((item) => item.json) }}'), { items });
    expect(server.lastRequest.body['messages']).toEqual(items);
  });

  test.each([
    ['{ oops', 'The messages are not a JSON list of messages'],
    ['"text"', 'The messages are not a JSON list of messages'],
    ['[1]', 'Message 1 of 1 cannot be read: it is not an object'],
    ['[{ "role": "boss", "content": "x" }]', 'Message 1 of 1 cannot be read: its role "boss" is not known to Ollama'],
    ['[{ "role": "user" }]', 'Message 1 of 1 cannot be read: it has no content'],
    ['[{ "content": "x" }]', 'Message 1 of 1 cannot be read: it has no role'],
    [
      '[{ "role": "user", "content": [{ "type": "input_audio" }] }]',
      expect.stringMatching(/a file of the type input_audio/),
    ],
    ['={{ $json.typo }}', 'The field Messages (JSON) has no value'],
  ])('that are none are refused: %s', async (messagesJson, message) => {
    const { error } = await run(json(messagesJson));
    expect(error).toMatchObject({ message });
    expect(server.requests).toHaveLength(0);
  });

  const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
  const call = { id: 'c1', function: { name: 'look', arguments: { at: 'x' } } };
  const asRead = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is this?', images: [png] },
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', content: 'a cat', tool_name: 'look', tool_call_id: 'c1' },
  ];
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } };
  const question = [{ type: 'text', text: 'What is this?' }, image];
  const langChainCall = { id: 'c1', name: 'look', args: { at: 'x' } };
  test.each([
    [
      'OpenAI',
      [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: question },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' } }],
        },
        { role: 'tool', content: 'a cat', name: 'look', tool_call_id: 'c1' },
      ],
    ],
    [
      'LangChain, stored',
      [
        { type: 'system', data: { content: 'Be brief.' } },
        { type: 'human', data: { content: question } },
        { type: 'ai', data: { content: '', tool_calls: [langChainCall] } },
        { type: 'tool', data: { content: 'a cat', name: 'look', tool_call_id: 'c1' } },
      ],
    ],
    [
      'LangChain, serialized',
      [
        {
          lc: 1,
          type: 'constructor',
          id: ['langchain_core', 'messages', 'SystemMessage'],
          kwargs: { content: 'Be brief.' },
        },
        {
          lc: 1,
          type: 'constructor',
          id: ['langchain_core', 'messages', 'HumanMessage'],
          kwargs: { content: question },
        },
        {
          lc: 1,
          type: 'constructor',
          id: ['x', 'AIMessageChunk'],
          kwargs: { content: '', tool_calls: [langChainCall] },
        },
        {
          lc: 1,
          type: 'constructor',
          id: ['x', 'ToolMessage'],
          kwargs: { content: 'a cat', name: 'look', tool_call_id: 'c1' },
        },
      ],
    ],
  ])('of %s', async (_, messages) => {
    for (const given of [messages, { messages }]) {
      await itemOf(json(JSON.stringify(given)));
      expect(server.lastRequest.body['messages']).toMatchObject(asRead);
    }
  });

  test("as pairs, from n8n's Chat Memory Manager", async () => {
    await itemOf(json('={{ $json }}'), { items: [{ messages: [{ human: 'a', ai: 'b' }, { human: 'c' }] }] });
    expect(server.lastRequest.body['messages']).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ]);
  });
});

describe('images', () => {
  const binary = { data: 'iVBORw0=', photo2: 'R0lGODs=' };

  test('of binary fields belong to the last user message, or to the prompt', async () => {
    const images = { imageSource: 'binary', imageFields: 'data, photo2' };
    const values = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'What is this?' },
    ];
    await itemOf(chat({ messages: { values }, ...images }), { binary });
    const sent = values.map((message, index) =>
      index === 2 ? { ...message, images: Object.values(binary) } : message,
    );
    expect(server.lastRequest.body['messages']).toEqual(sent);
    await itemOf(generate(images), { binary });
    expect(server.lastRequest.body['images']).toEqual(Object.values(binary));
  });

  test('of binary fields are found wherever the workflow stores files', async () => {
    const images = { imageSource: 'binary', imageFields: 'data' };
    await itemOf(generate(images), { binary, binaryMode: 'combined' });
    expect(server.lastRequest.body['images']).toEqual([binary.data]);
    const inJson = { _files: { data: { data: binary.photo2, mimeType: 'image/gif', fileName: 'a.gif' } } };
    await itemOf(generate(images), { items: [inJson], binaryMode: 'combined' });
    expect(server.lastRequest.body['images']).toEqual([binary.photo2]);
    const { error } = await run(generate(images), { binaryMode: 'combined' });
    expect(error!.message).toMatch(/'data'/);
  });

  test('of a URL are fetched', async () => {
    const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00]);
    const site = createServer((request, response) => {
      response.statusCode = request.url!.startsWith('/cat.png') ? 200 : 404;
      response.end(bytes);
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => site.once('listening', resolve));
      const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
      await itemOf(generate({ imageSource: 'url', imageUrls: `${address}/cat.png` }));
      expect(server.lastRequest.body['images']).toEqual([bytes.toString('base64')]);
      await itemOf(generate({ imageSource: 'url', imageUrls: `${address}/cat.png?a=1,2, ${address}/cat.png` }));
      expect(server.lastRequest.body['images']).toHaveLength(2);
      const { error } = await run(generate({ imageSource: 'url', imageUrls: `${address}/dog.png` }));
      expect(error!.message).toBe(`The image at ${address}/dog.png could not be fetched`);
      expect(error!.description).toMatch(/404/);
    } finally {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
    }
  });

  const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
  const file = (name: string) => ({ data: png, mimeType: 'image/png', fileName: `${name}.png` });
  test.each([
    ['a file', file('a'), 1],
    ['all files of an item', { data: file('a'), photo: file('b') }, 2],
    ['a list of files', [file('a'), file('b'), file('c')], 3],
    ['a list of names', ['data', 'photo2'], 2],
  ])('that an expression gives: %s', async (_, files, count) => {
    const images = { imageSource: 'binary', imageFields: '={{ $json.files }}' };
    await itemOf(generate({ prompt: '', ...images }), { items: [{ files: files as never }], binary });
    expect(server.lastRequest.body['images']).toHaveLength(count);
  });

  test.each([
    ['a PDF', '%PDF-1.7', 'image/png', 'The file data.png in the field data is a PDF, not an image'],
    [
      'a web page',
      '<!DOCTYPE html><p>Sign in',
      'image/png',
      'The file data.png in the field data is a web page, not an image',
    ],
    [
      'a drawing',
      '<svg xmlns="x">',
      'image/png',
      'The file data.png in the field data is an SVG drawing, not an image',
    ],
  ])('that are none are refused by name: %s', async (_, text, _type, message) => {
    const data = Buffer.from(text).toString('base64');
    const { error } = await run(generate({ imageSource: 'binary', imageFields: 'data' }), { binary: { data } });
    expect(error).toMatchObject({ message, description: expect.stringMatching(/PNG, JPEG and WebP/) });
    expect(server.requests).toHaveLength(0);
  });

  test('of another type, or that are not files at all, are rejected', async () => {
    const images = { imageSource: 'binary', imageFields: '={{ $json.files }}' };
    const refused = async (files: unknown) =>
      (await run(generate(images), { items: [{ files: files as never }] })).error!.message;
    const zip = { data: 'AAAA', mimeType: 'application/zip', fileName: 'a.zip' };
    expect(await refused(zip)).toBe('The file a.zip is of the type application/zip, not an image');
    expect(await refused({ some: 'object' })).toBe('The images are neither names of binary fields nor files');
    expect(await refused(undefined)).toBe('The field Input Data Field Names has no value');
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ['base64', png],
    ['several, separated by commas', `${png}, ${png}`],
    ['data URLs', `data:image/png;base64,${png},data:image/png;base64,${png}`],
    ['a list', [png, `data:image/png;base64,${png}`]],
  ])('as base64 from JSON: %s', async (name, images) => {
    const parameters = generate({ imageSource: 'base64', imageData: '={{ $json.images }}' });
    await itemOf(parameters, { items: [{ images }] });
    expect(server.lastRequest.body['images']).toEqual(name === 'base64' ? [png] : [png, png]);
  });

  test('that are missing: the error names the field', async () => {
    for (const [imageSource, label] of [
      ['url', 'Image URLs'],
      ['base64', 'Images as Base64'],
    ] as const) {
      const images = { imageSource, imageUrls: '={{ $json.typo }}', imageData: '={{ "" }}' };
      expect((await run(chat(images))).error!.message).toBe(`The field ${label} has no value`);
    }
    expect(server.requests).toHaveLength(0);
  });

  test('of an unknown field: n8n reports it', async () => {
    const { error } = await run(chat({ imageSource: 'binary', imageFields: 'nothing' }));
    expect(error!.message).toMatch(/nothing/);
    expect(error!.context).toMatchObject({ itemIndex: 0 });
  });
});

describe('output format', () => {
  const fields = {
    values: [
      { name: 'subject', type: 'string', description: 'In five words' },
      { name: 'urgency', type: 'enum', choices: 'low, high' },
      { name: 'tags', type: 'strings' },
      { name: 'sizes', type: 'numbers' },
      { name: ' count ', type: 'integer' },
      { name: 'spam', type: 'boolean' },
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
    const outputFields = { values: [{ name: 'city', type: 'enum', choices: '={{ ["a, b", "c"] }}' }] };
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

  test('that is missing', async () => {
    expect((await run(chat({ outputFormat: 'fields' }))).error!.message).toBe('Name at least one output field');
    const field = (...values: object[]) => chat({ outputFormat: 'fields', outputFields: { values } as never });
    expect((await run(field({ name: 'a' }, { name: ' a ' }))).error!.message).toBe('Two output fields are called a');
    expect((await run(field({ name: 'a', type: 'enum', choices: ' , ' }))).error!.message).toBe(
      'The output field a has no choices',
    );
    expect((await run(chat({ outputFormat: 'example', jsonExample: '[' }))).error!.message).toBe(
      'The example is not a JSON object',
    );
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
    expect(error!.message).toBe('The option More Request Fields is not a JSON object');
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

  test('a model that took long to load', async () => {
    server.chat({
      lines: [
        {
          model: 'chat-model',
          created_at: 't',
          message: { role: 'assistant', content: 'x' },
          done: true,
          done_reason: 'stop',
          load_duration: 12_300_000_000,
        },
      ],
    });
    const { hints } = await run(chat());
    expect(hints).toMatchObject([{ message: expect.stringMatching(/^Loading the model took 12 s\./), type: 'info' }]);
  });

  test('and none if everything is fine', async () => {
    expect((await run(chat())).hints).toEqual([]);
  });
});
