import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { NodeSetup } from './engine.ts';
import { chat, embed, generate, locator, model } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

const run = (parameters: INodeParameters, more: Partial<NodeSetup> = {}) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, ...more });

const rank = (more: INodeParameters = {}) => ({
  resource: 'embedding',
  operation: 'rank',
  model: locator('embedding-model'),
  query: 'q',
  text: '={{ $json.text }}',
  ...more,
});
const content = (value: string) => chat({ messages: { values: [{ role: 'user', content: value }] } });

/** Each text field that a model reads: how it is set, and how it is sent. */
const fields: [label: string, set: (value: string) => INodeParameters, sent: () => unknown][] = [
  ['Content', content, () => (server.lastRequest.body['messages'] as { content: string }[])[0]!.content],
  ['Prompt', (prompt) => generate({ prompt }), () => server.lastRequest.body['prompt']],
  ['Text', (text) => embed({ text }), () => (server.lastRequest.body['input'] as string[])[0]],
  ['Query', (query) => rank({ query }), () => (server.lastRequest.body['input'] as string[])[0]],
  ['System Message', (systemMessage) => generate({ systemMessage }), () => server.lastRequest.body['system']],
];

describe.each(fields)('%s', (label, set, sent) => {
  test('accepts an object as JSON, and a number as text', async () => {
    const items = [{ value: { a: [1] }, text: 'x' }];
    expect((await run(set('={{ $json.value }}'), { items })).error).toBeUndefined();
    expect(sent()).toBe('{"a":[1]}');
    expect((await run(set('={{ 7 }}'), { items })).error).toBeUndefined();
    expect(String(sent())).toBe('7');
  });

  test('is rejected without a value, with the result of its expression', async () => {
    for (const [expression, result] of [
      ['{{ $json.typo }}', 'undefined'],
      ['{{ null }}', 'null'],
    ]) {
      const { error } = await run(set(`=${expression}`), { items: [{ text: 'x' }] });
      expect(error).toMatchObject({
        message: expect.stringMatching(`The field ${label}.* has no value`),
        description: expect.stringContaining(`The expression ${expression} gave ${result} for this item.`),
        context: { itemIndex: 0 },
      });
    }
    expect(server.requests).toHaveLength(0);
  });

  test('does not stop the other items if the workflow continues', async () => {
    const items = [{ value: 'a', text: 'x' }, { text: 'x' }];
    const { outputs, status } = await run(set('={{ $json.value }}'), { items, onError: 'continueErrorOutput' });
    expect(status).toBe('success');
    // The query is that of the first item.
    expect(outputs[0]).toHaveLength(label === 'Query' ? 2 : 1);
    if (label !== 'Query') expect(outputs[1]).toMatchObject([{ json: { code: 'node_error', itemIndex: 1 } }]);
  });
});

test('an empty text is rejected as well, and the error names its message', async () => {
  const values = [
    { role: 'user', content: 'a' },
    { role: 'user', content: ' ' },
  ];
  const { error } = await run(chat({ messages: { values } }));
  expect(error).toMatchObject({ message: 'The field Content of message 2 has no value' });
  expect((await run(generate({ prompt: '' }))).error).toMatchObject({
    message: 'The field Prompt has no value',
    description: 'Fill in the field, or use an expression that returns a value.',
  });
  expect(server.requests).toHaveLength(0);
});

test('a list of texts to embed accepts objects as JSON, and names a missing one', async () => {
  const items = [{ list: ['a', { b: 1 }] }];
  await run(embed({ text: '={{ $json.list }}' }), { items });
  expect(server.lastRequest.body['input']).toEqual(['a', '{"b":1}']);
  const { error } = await run(embed({ text: '={{ ["a", ""] }}' }));
  expect(error!.message).toBe('The field Text (number 2 of the list) has no value');
});

test('rank leaves out an item without a text if the workflow continues, and otherwise names it', async () => {
  const items = [{ text: 'a' }, {}, { text: 'b' }];
  const { outputs } = await run(rank(), { items, onError: 'continueErrorOutput' });
  expect(outputs[0]).toHaveLength(2);
  expect(outputs[1]).toMatchObject([{ json: { itemIndex: 1 }, pairedItem: { item: 1 } }]);
  expect((await run(rank(), { items })).error!.context).toMatchObject({ itemIndex: 1 });
});

test('an object within a text gets a hint: n8n has made it unreadable already', async () => {
  const { hints } = await run(content('=About {{ $json.value }}'), { items: [{ value: { a: 1 } }] });
  expect(hints).toMatchObject([{ message: expect.stringMatching(/^Content contains "\[object Object\]"/) }]);
});

test('a hint for each of several such texts', async () => {
  const text = '=About {{ $json.value }}';
  const { hints } = await run(generate({ prompt: text, systemMessage: text }), { items: [{ value: { a: 1 } }] });
  expect(hints.map(({ message }) => message.split(' contains ')[0])).toEqual(['System Message', 'Prompt']);
});

test('Keep Alive without a value is not sent, and is sent without spaces', async () => {
  await run(chat({ options: { keep_alive: ' ' } }));
  expect(server.lastRequest.body).not.toHaveProperty('keep_alive');
  await run(chat({ options: { keep_alive: ' 5 m ' } }));
  expect(server.lastRequest.body['keep_alive']).toBe('5m');
});

test.each([
  ['{{ [1] }}', 'a list'],
  ['{{ ({ a: 1 }) }}', 'an object'],
  ['{{ "   " }}', 'an empty text'],
  ['{{ "four" }}', '"four"'],
  ['{{ "4".repeat(29) + "x" }}', `"${'4'.repeat(29)}x"`],
  ['{{ "4".repeat(30) + "x" }}', 'a longer text'],
])('a number that is %s is shown as %s', async (expression, what) => {
  const { error } = await run(model('getAll', { limit: `=${expression}` }));
  expect(error!.message).toBe(`The field Limit must be a number, not ${what}`);
  expect(error!.description).toBe(`The expression ${expression} gave ${what} for this item.`);
});

test('"stream" in More Request Fields is refused, since the node sets it', async () => {
  for (const parameters of [chat, generate, embed]) {
    const { error } = await run(parameters({ options: { more_fields: '{ "stream": false }' } }));
    expect(error!.message).toMatch(/"stream", which the node sets itself/);
    expect(error!.description).toMatch(/^Remove it: /);
    expect(error!.context).toMatchObject({ itemIndex: 0 });
  }
  expect(server.requests).toHaveLength(0);
});
