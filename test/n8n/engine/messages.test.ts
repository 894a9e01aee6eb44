import { scriptedModel } from '@ollama-toolbelt/ollama-server';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { chat } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const models = [scriptedModel({ name: 'chat-model', capabilities: ['completion', 'tools', 'thinking', 'vision'] })];
const { engine, server } = await useEngine({ models });

const run = (parameters: INodeParameters, more: Partial<NodeSetup> = {}) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, ...more });

const json = (messagesJson: string, more = {}) => chat({ messageSource: 'json', messagesJson, ...more });

/** The messages that the server gets. */
async function sent(parameters: INodeParameters, items: IDataObject[] = [{}]): Promise<unknown> {
  const { error } = await run(parameters, { items });
  expect(error).toBeUndefined();
  return server.lastRequest.body['messages'];
}

describe('messages', () => {
  test('as JSON, unchanged, with the system prompt first', async () => {
    const history = [
      { role: 'user', content: 'Look' },
      { role: 'assistant', content: '', tool_calls: [{ function: { name: 'look', arguments: { at: 'x' } } }] },
      { role: 'tool', content: 'a cat', tool_name: 'look' },
    ];
    for (const given of [JSON.stringify(history), '={{ $json.history }}']) {
      expect(await sent(json(given, { systemMessage: 'Be brief.' }), [{ history }])).toEqual([
        { role: 'system', content: 'Be brief.' },
        ...history,
      ]);
    }
  });

  test('from all items at once', async () => {
    const items = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ];
    expect(await sent(json('={{ $input.all().map((item) => item.json) }}'), items)).toEqual(items);
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
    ['', 'The field Messages (JSON) has no value'],
  ])('invalid messages are refused: %s', async (messagesJson, message) => {
    const { error } = await run(json(messagesJson));
    expect(error).toMatchObject({
      message,
      description: expect.stringMatching(/\[\{ "role"|^The expression|^Fill in/),
    });
    expect(error!.context).toMatchObject({ itemIndex: 0 });
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
      expect(await sent(json(JSON.stringify(given)))).toMatchObject(asRead);
    }
  });

  test("as pairs, from n8n's Chat Memory Manager", async () => {
    expect(
      await sent(json('={{ $json }}'), [
        {
          messages: [{ human: 'a', ai: 'b' }, { human: 'c' }, { human: 'd', ai: '' }, { ai: 'e' }],
        },
      ]),
    ).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
      { role: 'user', content: 'd' },
      { role: 'assistant', content: 'e' },
    ]);
  });

  test('as pairs of which one half is missing', async () => {
    const pairs = [{ human: 'a', ai: null }, { human: null, ai: 'b' }, { human: 'c' }];
    expect(await sent(json(JSON.stringify(pairs)))).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'c' },
    ]);
  });

  test('with a role are never taken for a pair', async () => {
    const message = { role: 'user', content: 'a', human: 'no', ai: true };
    expect(await sent(json(JSON.stringify([message])))).toEqual([message]);
  });

  test('alone, without a list', async () => {
    const message = { role: 'user', content: 'a' };
    expect(await sent(json(JSON.stringify(message)))).toEqual([message]);
  });

  test('of LangChain, with fields that look like those of a serialized one', async () => {
    const live = { type: 'human', content: 'a', kwargs: { b: 1 } };
    expect(await sent(json(JSON.stringify([live])))).toMatchObject([{ role: 'user', content: 'a' }]);
  });

  test('with a name: only that of a tool means something to Ollama', async () => {
    expect(await read({ content: 'a', name: 'Ada' })).not.toHaveProperty('tool_name');
    expect(await read({ role: 'tool', content: 'a', name: 'look' })).toMatchObject({ tool_name: 'look' });
    expect(await read({ role: 'tool', content: 'a', name: 'x', tool_name: 'look' })).toMatchObject({
      tool_name: 'look',
    });
    const stored = [{ type: 'ai', data: { content: 'a', thinking: 'Hm' } }];
    expect(await sent(json(JSON.stringify(stored)))).toEqual([{ role: 'assistant', content: 'a', thinking: 'Hm' }]);
  });
});

/** The only message that the server gets for one of these fields. */
const read = async (message: object) => {
  const [first] = (await sent(json(JSON.stringify([{ role: 'user', ...message }])))) as object[];
  return first;
};

describe('the blocks of a message', () => {
  test.each([
    ['a text alone', ['a', 'b'], { content: 'ab' }],
    ['a single block instead of a list', { type: 'text', text: 'a' }, { content: 'a' }],
    ['without a type', [{ text: 'a' }], { content: 'a' }],
    ['of a question', [{ type: 'input_text', text: 'a' }], { content: 'a' }],
    ['of an answer', [{ type: 'output_text', text: 'a' }], { content: 'a' }],
    ['an empty one', [{ type: 'text' }], { content: '' }],
    ['reasoning', [{ type: 'reasoning', reasoning: 'Hm' }], { content: '', thinking: 'Hm' }],
    ['thinking', [{ type: 'thinking', thinking: 'Hm' }], { content: '', thinking: 'Hm' }],
    ['reasoning as text', [{ type: 'reasoning', text: 'Hm' }], { content: '', thinking: 'Hm' }],
    ['empty reasoning', [{ type: 'reasoning' }], { content: '' }],
  ])('are read: %s', async (_, content, message) => {
    expect(await read({ content })).toEqual({ role: 'user', ...message });
  });

  test('of several kinds are each put where they belong, and what means nothing is left out', async () => {
    const nothing = [
      null,
      7,
      { type: 'tool_use', name: 'look' },
      { type: 'rich_text', text: 'x' },
      { type: 'text_delta', text: 'x' },
      { type: 'image_generation_call', url: 'x' },
      { type: 'no_image', url: 'x' },
      { note: 'x' },
    ];
    const content = [{ type: 'thinking', thinking: 'Hm' }, ...nothing, 'Yes', { type: 'thinking', thinking: 'm' }];
    expect(await read({ content })).toEqual({ role: 'user', content: 'Yes', thinking: 'Hmm' });
  });

  test.each([
    ['an object', { city: 'Oslo', days: [1] }, '{"city":"Oslo","days":[1]}'],
    ['a list of objects', [{ city: 'Oslo' }], '[{"city":"Oslo"}]'],
    ['a list of numbers', [1, 2], '[1,2]'],
    ['a number', 0, '0'],
    ['a switch', false, 'false'],
    ['a text block with an object', [{ type: 'text', text: { a: 1 } }], '{"a":1}'],
    ['an empty list', [], ''],
  ])('if there are none, the value is sent as text: %s', async (_, content, text) => {
    expect(await read({ role: 'tool', content })).toEqual({ role: 'tool', content: text });
  });

  test('that are files are refused by their type', async () => {
    for (const [block, type] of [
      [{ type: 'file', mediaType: 'text/csv', data: 'YQ==' }, 'text/csv'],
      [{ type: 'file', mimeType: 5 }, 'file'],
      [{ type: 'file' }, 'file'],
      [{ type: 'document', mime_type: 'application/pdf' }, 'application/pdf'],
    ] as const) {
      const { error } = await run(json(JSON.stringify([{ role: 'user', content: [block] }])));
      expect(error!.message).toMatch(`: it has a file of the type ${type}, but Ollama accepts only text and images`);
    }
  });
});

describe('the tool calls of a message', () => {
  const called = [{ id: 'c1', function: { name: 'look', arguments: { at: 'x' } } }];
  const ofOpenAi = [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' } }];

  test('are found where LangChain keeps those of OpenAI', async () => {
    const [message] = (await sent(
      json(JSON.stringify([{ type: 'ai', data: { content: '', additional_kwargs: { tool_calls: ofOpenAi } } }])),
    )) as object[];
    expect(message).toEqual({ role: 'assistant', content: '', tool_calls: called });
  });

  test('keep an id only if it is a text, and arguments only if they are an object', async () => {
    const calls = [null, { id: 5, name: 'look', args: [1] }, { id: null, function: { name: 'see', arguments: '{' } }];
    expect(await read({ role: 'assistant', content: 'a', tool_calls: calls })).toEqual({
      role: 'assistant',
      content: 'a',
      tool_calls: [{ function: { name: 'look', arguments: {} } }, { function: { name: 'see', arguments: {} } }],
    });
  });
});
