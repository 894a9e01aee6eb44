import { expect, test } from 'vitest';
import { chat, model } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

const credential = () => ({ baseUrl: server.host });

test('an agent calls the node as its tool, fills in the requested parameters, and gets only the answer', async () => {
  server.chat({ text: 'Oslo', thinking: 'Hm' });
  const messages = { values: [{ role: 'user', content: "={{ $fromAI('question', 'What to ask') }}" }] };
  const tool = await engine.asTool({ parameters: chat({ messages }), credential: credential() });
  expect(tool.description).toBe('Message a model in Ollama Toolbelt');
  expect(JSON.parse(await tool.invoke({ question: 'Capital of Norway?' }))).toEqual([{ text: 'Oslo' }]);
  expect(server.lastRequest.body['messages']).toEqual([{ role: 'user', content: 'Capital of Norway?' }]);
});

test('an agent that asks for JSON gets only that', async () => {
  server.chat({ text: 'Here: {"city":"Oslo"}' });
  const tool = await engine.asTool({ parameters: chat({ outputFormat: 'json' }), credential: credential() });
  expect(JSON.parse(await tool.invoke({}))).toEqual([{ parsed: { city: 'Oslo' } }]);
});

test('other operations are tools too, and failures are reported', async () => {
  const list = await engine.asTool({ parameters: model('getAll', { limit: 1 }), credential: credential() });
  expect(JSON.parse(await list.invoke({}))).toMatchObject([{ name: 'chat-model:latest' }]);
  const parameters = chat({ model: { __rl: true, mode: 'name', value: 'nope' } });
  const broken = await engine.asTool({ parameters, credential: credential() });
  await expect(broken.invoke({})).rejects.toThrow(/model 'nope' not found[\s\S]*ollama pull nope/);
});

test('an agent whose tools the engine runs gets the same', async () => {
  server.chat({ text: 'Oslo', thinking: 'Hm' });
  const messages = { values: [{ role: 'user', content: '={{ $json.question }}' }] };
  const { error, outputs } = await engine.run({
    parameters: chat({ messages }),
    credential: credential(),
    items: [{ question: 'Capital of Norway?' }],
    asEngineTool: true,
  });
  expect(error).toBeUndefined();
  expect(outputs).toMatchObject([[{ json: { text: 'Oslo' } }]]);
  expect(Object.keys(outputs[0]![0]!.json)).toEqual(['text']);
});
