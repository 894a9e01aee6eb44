import { scriptedModel } from '@ollama-toolbelt/ollama-server';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { chat, generate } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const models = [scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools'] })];
const { engine, server } = await useEngine({ models, withSdk: true });

const run = (parameters: INodeParameters, more: Partial<NodeSetup> = {}) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, ...more });

async function itemOf(parameters: INodeParameters, more: Partial<NodeSetup> = {}): Promise<IDataObject> {
  const { error, outputs } = await run(parameters, more);
  expect(error).toBeUndefined();
  return outputs[0]![0]!.json;
}

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer', minimum: 0 } },
  required: ['city', 'people'],
};
const asked = { outputFormat: 'schema', jsonSchema: JSON.stringify(schema) };
const value = { city: 'Oslo', people: 700_000 };
const text = JSON.stringify(value);

describe('JSON is found wherever it is in the text', () => {
  test.each([
    ['alone', text, false],
    ['after a byte order mark', `\ufeff${text}`, false],
    ['in a code fence', `\`\`\`json\n${text}\n\`\`\``, true],
    ['in a code fence within prose', `Here it is:\n\`\`\`\n${text}\n\`\`\`\nAnything else?`, true],
    ['in prose', `Sure! {this} is it: ${text} Enjoy {}.`, true],
    ['after another value', `{"thought":"a city"} ${text}`, true],
    ['after a text with quotes and brackets', `{"said":"\\"}\\" {"} ${text}`, true],
    ['after thinking', `<think>{"city":"Bergen","people":1}</think>\n${text}`, false],
    [
      'after thinking whose opening tag is in the template',
      `I think {"city":"Bergen","people":1}</think>${text}`,
      false,
    ],
  ])('%s', async (_, answer, isTakenOut) => {
    for (const make of [chat, generate]) {
      server.chat({ text: answer }).generate({ text: answer });
      const { parsed, notices } = await itemOf(make(asked));
      expect(parsed).toEqual(value);
      expect(notices ?? []).toMatchObject(isTakenOut ? [{ code: 'json_taken_out' }] : []);
      server.reset();
    }
  });

  test.each(['Use ```5```.', 'Use ```null```.', 'Use {5} or [x].'])(
    'but only an object or a list: %s',
    async (said) => {
      server.chat({ text: said });
      const { error } = await run(chat({ outputFormat: 'json', options: { ask_again: 0 } }));
      expect(error!.message).toBe(`The answer of chat-model is not valid JSON (${said.length} characters).`);
    },
  );

  test.each([
    ['Here:{"a":{"b":1}}.', { a: { b: 1 } }],
    ['Here:[1, 2]', [1, 2]],
    ['Here {see [1, 2]} it is', [1, 2]],
    [String.raw`Here: {"a":"}\"]{","b":1} it is`, { a: '}"]{', b: 1 }],
    ['{"a":"\ufeff"}', { a: '\ufeff' }],
    [' \n{"a":1}\n', { a: 1 }],
  ])('as a whole: %j', async (answer, parsed) => {
    server.chat({ text: answer });
    expect((await itemOf(chat({ outputFormat: 'json' })))['parsed']).toEqual(parsed);
  });

  test('and with plain JSON format, any object', async () => {
    server.chat({ text: 'Here: [1, 2]' });
    expect((await itemOf(chat({ outputFormat: 'json' })))['parsed']).toEqual([1, 2]);
  });
});

describe('an answer that does not match the format', () => {
  test('is requested again once, with the mistake', async () => {
    server.chat({ text: '{"city":"Oslo"}' }).chat({ text });
    const { parsed, notices } = await itemOf(chat(asked));
    expect(parsed).toEqual(value);
    expect(notices).toMatchObject([
      { code: 'asked_again', message: expect.stringMatching(/required property "people"/) },
    ]);
    expect(server.lastRequest.body['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: '{"city":"Oslo"}' },
      {
        role: 'user',
        content: expect.stringMatching(
          /^Your last answer cannot be used: Instance does not have required property "people"\./,
        ),
      },
    ]);
    server.generate({ text: 'no' }).generate({ text });
    expect((await itemOf(generate(asked)))['parsed']).toEqual(value);
    expect(server.lastRequest.body['prompt']).toMatch(/^Hi\n\nYour last answer was:\nno\n\n.*not valid JSON/);
  });

  test('also in a chat with tools, where the conversation continues', async () => {
    const tool = { name: 'look', description: 'Looks', schema: { type: 'object' }, invoke: async () => 'x' };
    server.chat({ text: 'no' }).chat({ text });
    expect((await itemOf(chat(asked), { tools: [tool] }))['parsed']).toEqual(value);
    expect(server.lastRequest.body['messages']).toMatchObject([{ role: 'user' }, { content: 'no' }, { role: 'user' }]);
  });

  test.each([
    [0, 1],
    [3, 4],
  ])('as often as Ask Again says: %i', async (ask_again, requests) => {
    server.always.chat({ text: 'no' });
    const { error } = await run(chat({ ...asked, options: { ask_again } }));
    expect(error!.message).toBe('The answer of chat-model is not valid JSON (2 characters).');
    expect(server.requests).toHaveLength(requests);
  });

  test('and names three mistakes at most', async () => {
    const jsonSchema = JSON.stringify({ type: 'object', required: ['a', 'b', 'c', 'd'] });
    server.chat({ text: '{}' });
    const { error } = await run(chat({ outputFormat: 'schema', jsonSchema, options: { ask_again: 0 } }));
    expect(error!.message.match(/required property "."/g)).toEqual(
      ['a', 'b', 'c'].map((name) => `required property "${name}"`),
    );
  });

  test.each([
    [200, ''],
    [201, '…'],
  ])('and shows the start of a text of %i characters', async (length, rest) => {
    server.chat({ text: 'x'.repeat(length) });
    const { error } = await run(chat({ ...asked, options: { ask_again: 0 } }));
    expect(error!.description).toBe(
      `Describe the JSON in the prompt, try a simpler schema or another model, or raise the option Ask Again. It was: ${'x'.repeat(200)}${rest}`,
    );
  });

  test('and shows that it was empty', async () => {
    server.always.chat({ text: '' });
    expect((await run(chat(asked))).error!.description).toMatch(/ It was: \(nothing\)$/);
  });

  test('but not if it reached its maximum length, since it would again', async () => {
    server.chat({ text: '{"city":', doneReason: 'length' });
    const { error } = await run(chat(asked));
    expect(error!.description).toMatch(/^It reached its maximum length: raise the option Max Tokens/);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['{"city":1,"people":2}', 'city: Instance type "number" is invalid. Expected "string"'],
    ['{"city":"a","people":"2"}', 'people: Instance type "string" is invalid. Expected "integer"'],
    ['{"city":"a","people":-1}', 'people: -1 is less than 0'],
    ['[]', 'Instance type "array" is invalid. Expected "object"'],
  ])('says what is wrong: %s', async (answer, fault) => {
    server.always.chat({ text: answer });
    const { error } = await run(chat(asked));
    expect(error!.message).toBe(`The answer of chat-model is not what was asked for: ${fault}`);
  });

  // What the server cannot enforce is checked all the same.
  test.each([
    [{ properties: { a: { pattern: '^x' } } }, '{"a":"y"}', /asked for: a: String does not match pattern/],
    [{ properties: { a: { not: { const: 1 } } } }, '{"a":1}', /asked for: a: .*not/],
    [{ properties: { a: { multipleOf: 5 } } }, '{"a":7}', /asked for: a: 7 is not a multiple/],
    [{ properties: { a: { format: 'date' } } }, '{"a":"soon"}', /asked for: a: .*format "date"/],
    [{ properties: { a: { uniqueItems: true } } }, '{"a":[1,1]}', /asked for: a: Duplicate/],
    [{ dependentRequired: { a: ['b'] } }, '{"a":1}', /"b"/],
    [{ if: { required: ['a'] }, else: { required: ['b'] } }, '{"c":1}', /required property "b"/],
    [{ patternProperties: { '^n': { type: 'number' } } }, '{"n1":"x"}', /asked for: n1: Instance type/],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, '{"a":1,"b":1}', /exactly one/],
    [{ $ref: '#/$defs/t', $defs: { t: { required: ['a'] } } }, '{}', /required property "a"/],
    [
      { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: { items: [{ type: 'number' }] } } },
      '{"a":["x"]}',
      /asked for: a\.0: Instance type/,
    ],
    [
      {
        $schema: 'http://json-schema.org/draft-04/schema#',
        properties: { a: { minimum: 0, exclusiveMinimum: true } },
      },
      '{"a":0}',
      /asked for: a: 0 is less than .*0/,
    ],
    [
      {
        $schema: 'http://json-schema.org/draft-06/schema#',
        properties: { a: { items: [{ type: 'number' }], additionalItems: false } },
      },
      '{"a":[1,2]}',
      /asked for: a/,
    ],
    [{ properties: { a: { prefixItems: [{ type: 'number' }] } } }, '{"a":["x"]}', /asked for: a\.0: Instance type/],
  ])('is held to %j', async (jsonSchema, answer, fault) => {
    const parameters = { outputFormat: 'schema', jsonSchema: JSON.stringify({ type: 'object', ...jsonSchema }) };
    server.chat({ text: answer });
    const { error } = await run(chat({ ...parameters, options: { ask_again: 0 } }));
    expect(error!.message).toMatch(fault);
  });

  test('is accepted if the schema refers to another document, which cannot be checked', async () => {
    server.chat({ text: '{"a":1}' });
    const jsonSchema = '{ "type": "object", "$ref": "https://example.com/schema" }';
    expect((await itemOf(chat({ outputFormat: 'schema', jsonSchema })))['parsed']).toEqual({ a: 1 });
  });

  test('keeps its complete text on the error branch', async () => {
    const answer = `no ${'x'.repeat(1000)}`;
    server.always.chat({ text: answer });
    const { outputs } = await run(chat(asked), { onError: 'continueErrorOutput' });
    expect(outputs[1]).toMatchObject([
      { json: { code: 'bad_output', model: 'chat-model', itemIndex: 0, raw: answer } },
    ]);
  });

  test('is streamed to the workflow only once it is accepted', async () => {
    server.chat({ text: ['no', ' way'] }).chat({ text: ['{"city":"Oslo",', '"people":1}'] });
    expect((await run(chat(asked), { streaming: true })).chunks).toEqual([
      '<begin>',
      '{"city":"Oslo","people":1}',
      '<end>',
    ]);
  });
});

describe('thinking within a model’s text', () => {
  test('is removed, even while it streams', async () => {
    server.chat({ text: ['<th', 'ink>Hm', 'm</thi', 'nk>\n\nHel', 'lo <think>'] });
    const { outputs, chunks } = await run(chat(), { streaming: true });
    expect(outputs[0]![0]!.json).toMatchObject({ text: 'Hello <think>', thinking: 'Hmm' });
    expect(chunks).toEqual(['<begin>', 'Hel', 'lo <think>', '<end>']);
  });

  test.each(['<thinking>Hm</thinking>Yes', ' <THINK>Hm</THINK> Yes', '[THINK]Hm[/THINK]Yes', 'Hm</think>Yes'])(
    '%s',
    async (answer) => {
      server.generate({ text: answer });
      expect(await itemOf(generate())).toMatchObject({ text: 'Yes', thinking: 'Hm' });
    },
  );

  test.each([
    ['</think>Yes', { text: 'Yes' }],
    [' Hm </think> Yes ', { text: 'Yes ', thinking: 'Hm' }],
    ['Hm</think>Yes <think>x', { text: 'Yes <think>x', thinking: 'Hm' }],
    ['<think>a < b</think>Yes', { text: 'Yes', thinking: 'a < b' }],
  ])('is found within %j', async (answer, { text, thinking }: { text: string; thinking?: string }) => {
    server.generate({ text: answer });
    const item = await itemOf(generate());
    expect(item['text']).toBe(text);
    expect(item['thinking']).toBe(thinking);
  });

  test('comes after that which the server reports', async () => {
    server.chat({ thinking: 'Hm', text: '<think>So</think>Yes' });
    expect(await itemOf(chat())).toMatchObject({ text: 'Yes', thinking: 'Hm\nSo' });
  });

  test('stays if Strip Thinking is off, and text that only looks like it always stays', async () => {
    server.chat({ text: '<think>Hm</think>Yes' });
    expect(await itemOf(chat({ options: { strip_thinking: false } }))).toMatchObject({ text: '<think>Hm</think>Yes' });
    server.chat({ text: ['  <thi', 's is it'] });
    expect((await itemOf(chat()))['text']).toBe('  <this is it');
    for (const text of ['The tag `</think>` ends it.', 'Write "</thought>" last.']) {
      server.chat({ text });
      expect((await itemOf(chat()))['text']).toBe(text);
    }
    server.chat({ text: 'Hm</think>"Yes"' });
    expect((await itemOf(chat()))['text']).toBe('"Yes"');
  });

  test('and an answer without any other text gets a hint, like an empty one', async () => {
    server.chat({ text: '<think>Hm' });
    const only = await run(chat());
    expect(only.hints).toMatchObject([
      { message: expect.stringMatching(/^The model thought but gave no answer\. Raise/) },
    ]);
    expect(only.outputs[0]![0]!.json).toMatchObject({ thinking: 'Hm', notices: [{ code: 'thinking_only' }] });
    server.chat({ text: '' });
    expect((await run(chat())).hints).toMatchObject([{ message: expect.stringMatching(/^The answer is empty/) }]);
  });
});
