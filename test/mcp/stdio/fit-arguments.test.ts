import { expect, test } from 'vitest';
import { fitArguments } from '../../../packages/mcp-server/src/calls/fit-arguments.ts';
import { tools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';

function fitted(tool: string, args: unknown): unknown {
  const { input } = tools.find(({ name }) => name === `ollama_${tool}`)!;
  return fitArguments(input, args);
}

const hi = [{ role: 'user', content: 'Hi' }];

test.each([
  // Text instead of another type.
  [
    'chat',
    { model: 'm', options: { temperature: '0', top_k: '40', stop: '["a"]' } },
    { model: 'm', options: { temperature: 0, top_k: 40, stop: ['a'] } },
  ],
  ['chat', { model: 'm', options: '{"temperature":"0.5"}' }, { model: 'm', options: { temperature: 0.5 } }],
  ['chat', { model: 'm', messages: JSON.stringify(hi) }, { model: 'm', messages: hi }],
  ['chat', { model: 'm', messages: hi.map((one) => JSON.stringify(one)) }, { model: 'm', messages: hi }],
  ['chat', { model: 'm', messages: hi[0] }, { model: 'm', messages: hi }],
  ['chat', { model: 'm', messages: JSON.stringify(hi[0]) }, { model: 'm', messages: hi }],
  ['chat', JSON.stringify({ model: 'm', messages: hi }), { model: 'm', messages: hi }],
  ['chat', JSON.stringify(JSON.stringify({ model: 'm' })), { model: 'm' }],
  [
    'chat',
    { prompts: '["a","b"]', images: 'x', files: '["a.txt"]' },
    { prompts: ['a', 'b'], images: ['x'], files: ['a.txt'] },
  ],
  ['chat', { format: '"json"', think: 'true' }, { format: 'json', think: true }],
  ['chat', { format: '{"type":"object"}', think: 'low' }, { format: { type: 'object' }, think: 'low' }],
  ['chat', { think: 'False', reset: '"true"', keep_alive: '-1' }, { think: false, reset: true, keep_alive: -1 }],
  ['chat', { keep_alive: '10m', format: 'json' }, { keep_alive: '10m', format: 'json' }],
  ['rank', { query: '[1]', k: '2', candidates: '["a", "b"]' }, { query: '[1]', k: 2, candidates: ['a', 'b'] }],
  ['rank', { candidates: '[1, 2]' }, { candidates: ['[1, 2]'] }],
  ['rank', { candidates: 'not [json' }, { candidates: ['not [json'] }],
  ['embed', { input: '["a","b"]' }, { input: ['a', 'b'] }],
  ['embed', { input: 'a' }, { input: ['a'] }],
  ['embed', { input: '' }, { input: [''] }],
  ['create_model', { license: '["a","b"]', template: '["a"]' }, { license: ['a', 'b'], template: '["a"]' }],
  ['create_model', { license: 'MIT' }, { license: 'MIT' }],
  ['create_model', { license: '5' }, { license: '5' }],
  ['create_model', { license: '{"a":1}' }, { license: '{"a":1}' }],
  // What cannot be an item is for the validation to report.
  ['rank', { candidates: { a: 1 } }, { candidates: { a: 1 } }],
  ['chat', { messages: 5 }, { messages: 5 }],
  [
    'chat',
    {
      messages: [
        { role: 'assistant', content: null, tool_calls: { function: { name: 'f', arguments: '{"a":null}' } } },
      ],
    },
    {
      messages: [
        { role: 'assistant', content: null, tool_calls: [{ function: { name: 'f', arguments: { a: null } } }] },
      ],
    },
  ],
  // Text stays text.
  [
    'generate',
    { model: '5', prompt: '{"a": 1}', system: 'true', suffix: ' ' },
    { model: '5', prompt: '{"a": 1}', system: 'true', suffix: ' ' },
  ],
  // Empty values for optional fields.
  ['generate', { system: null, options: { temperature: null, other: null }, prompt: null }, {}],
  [
    'chat',
    { prompts: [], conversation: '', format: '', keep_alive: '', images: [], tools: [], files: [''], think: '' },
    {},
  ],
  ['chat', { prompts: '[]', format: {}, options: {}, tools: 'null', reset: 'None' }, {}],
  ['create_model', { modelfile: '', from: '', license: [], parameters: {}, quantize: '', confirm: '' }, {}],
  [
    'generate',
    { prompt: '', suffix: '', raw: false, options: { seed: 0 } },
    { prompt: '', raw: false, options: { seed: 0 } },
  ],
  ['chat', { prompts: Array(100).fill('') }, {}],
  ['chat', { prompts: Array(101).fill('') }, { prompts: Array(101).fill('') }],
  ['job', { offset: 0 }, { offset: 0 }],
  ['rank', { k: 0, candidates: ['', 'a'] }, { candidates: ['', 'a'] }],
  ['chat', { format: { enum: [null], default: null } }, { format: { enum: [null], default: null } }],
  ['status', '', {}],
  ['status', null, {}],
  ['status', [], {}],
  ['chat', 'null', {}],
  ['chat', { conversation: 'null', keep_alive: 'None', images: [null], prompts: ['', null] }, {}],
  ['create_model', { from: 'undefined', quantize: 'null', confirm: 'null', system: 'null' }, { system: 'null' }],
  // Other spellings than in the schema.
  ['chat', { think: 'HIGH', format: 'JSON', reset: 'yes' }, { think: 'high', format: 'json', reset: true }],
  ['chat', { think: 0, reset: 1, raw: 1 }, { think: false, reset: true, raw: 1 }],
  ['generate', { raw: 'off', prompt: 'yes' }, { raw: false, prompt: 'yes' }],
  ['job', { job: 'Wait', action: '"Wait"' }, { job: 'Wait', action: 'wait' }],
  ['chat', { messages: [{ role: 'User', content: 'Hi' }] }, { messages: hi }],
  // Encoded or nested once more.
  ['chat', { messages: JSON.stringify(JSON.stringify(hi)) }, { messages: hi }],
  ['embed', { input: JSON.stringify('["a"]') }, { input: ['a'] }],
  ['embed', { input: '"a"' }, { input: ['"a"'] }],
  ['chat', { options: [{ seed: '1' }] }, { options: { seed: 1 } }],
  ['chat', [{ model: 'm' }], { model: 'm' }],
  ['chat', { input: { model: 'm' } }, { model: 'm' }],
  ['chat', { parameters: '{"model":"m"}', toolCallId: 'c' }, { model: 'm' }],
  ['chat', { name: 'ollama_chat', arguments: { model: 'm', messages: hi } }, { model: 'm', messages: hi }],
  ['chat', { __arg1: '{"model":"m"}' }, { model: 'm' }],
  ['embed', { input: { model: 'm', input: 'a' } }, { model: 'm', input: ['a'] }],
  ['create_model', { parameters: { seed: '1' } }, { parameters: { seed: 1 } }],
  ['chat', { model: 'm', input: { a: 1 } }, { model: 'm', input: { a: 1 } }],
  // Empty extra keys.
  ['status', { input: {}, query: '', '': '', args: null, properties: {} }, {}],
  // Keys that hosts add.
  [
    'status',
    { toolCallId: 'call_1', sessionId: 's', action: 'sendMessage', chatInput: 'x', tool: 'ollama_status' },
    {},
  ],
  ['status', { _meta: {}, random_string: '', task_progress: '- [ ] x', session_id: 1, __n8n: 1 }, {}],
  ['job', { job: 'j', action: 'read', sessionId: 's' }, { job: 'j', action: 'read' }],
  ['chat', { modle: 'm', tool: '[{}]' }, { modle: 'm', tool: '[{}]' }],
  // Unreadable values stay, and validation reports them.
  ['chat', 'text', 'text'],
  [
    'chat',
    { messages: 'Hello', options: 'hot', model: 7, reset: 'maybe' },
    { messages: 'Hello', options: 'hot', model: 7, reset: 'maybe' },
  ],
  ['rank', { k: 'two' }, { k: 'two' }],
  ['chat', { messages: '[{"role":' }, { messages: '[{"role":' }],
])('ollama_%s: %j is %j', (tool, args, meant) => {
  expect(fitted(tool, args)).toEqual(meant);
});

test('a JSON key that would change a prototype has no effect', () => {
  const args = fitted('chat', '{"model":"m","__proto__":{"a":1},"options":{"__proto__":{"b":1}}}') as Record<
    string,
    unknown
  >;
  expect('a' in args).toBe(false);
  expect({}).not.toHaveProperty('b');
});
