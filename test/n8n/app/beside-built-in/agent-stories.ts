import { isDeepStrictEqual } from 'node:util';
import { byName } from '../workflow.ts';
import { asText, message } from './app-parameters.ts';
import type { Node, Story } from './story.ts';

const calculator: Node = {
  id: 'calculator',
  name: 'Calculator',
  type: '@n8n/n8n-nodes-langchain.toolCalculator',
  typeVersion: 1,
  parameters: {},
};
const multiply = { toolCalls: [{ name: 'Calculator', arguments: { input: '6 * 7' } }] };
const add = { toolCalls: [{ name: 'Calculator', arguments: { input: '42 + 1' } }] };
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const photo = `return [{ json: {}, binary: { data: { data: '${PNG}', mimeType: 'image/png', fileName: 'photo.png' } } }];`;

const agent = { kind: 'agent' as const, ours: { model: byName('chat-model') }, theirs: { model: 'chat-model' } };
const texts = `return ['The office closes at five.', 'Coffee is in the kitchen.'].map((text) => ({ json: { text } }));`;

/** Tools, agents and vector stores. */
export const agentStories: Story[] = [
  {
    title: 'A chat that calls a connected tool',
    wanted: 'the model gets the result and answers',
    ...message(),
    subNodes: { ai_tool: [calculator] },
    server: (server) => server.chat(multiply).chat({ text: 'It is 42.' }),
    isRight: ({ items, sent }) => asText(items[0]).includes('It is 42.') && sent.length === 2,
  },
  {
    title: 'A chat that calls a tool twice in a row',
    wanted: 'the model gets both results and answers',
    ...message(),
    subNodes: { ai_tool: [calculator] },
    server: (server) => server.chat(multiply).chat(add).chat({ text: 'It is 43.' }),
    isRight: ({ items }) => asText(items[0]).includes('It is 43.'),
  },
  {
    title: 'An AI agent with a tool',
    wanted: 'the model gets the result and answers',
    ...agent,
    subNodes: { ai_tool: [calculator] },
    server: (server) => server.chat(multiply).chat({ text: 'It is 42.' }),
    isRight: ({ items }) => asText(items[0]).includes('It is 42.'),
  },
  {
    title: 'An AI agent with an image',
    wanted: 'the image reaches the model',
    ...agent,
    items: photo,
    isRight: ({ sent }) =>
      isDeepStrictEqual(
        sent.flatMap(({ body }) => (body['messages'] as { images?: string[] }[]).flatMap(({ images = [] }) => images)),
        [PNG],
      ),
  },
  {
    title: "`<think>` in an AI agent's answer",
    wanted: 'it is not part of the answer',
    ...agent,
    server: (server) => server.always.chat({ text: '<think>Norway.</think>\n\nOslo.' }),
    isRight: ({ items }) => items[0]?.['output'] === 'Oslo.',
  },
  {
    title: 'A vector store with a model that needs prefixes',
    wanted: 'texts and question are embedded with their prefixes',
    kind: 'store',
    items: texts,
    ours: {
      model: byName('embedding-model'),
      options: { query_prefix: 'search_query: ', document_prefix: 'search_document: ' },
    },
    theirs: { model: 'embedding-model' },
    isRight: ({ items, sent }) =>
      items.length > 0 &&
      sent.every(({ body }) => [body['input']].flat().every((text) => /^search_/.test(String(text)))),
  },
];
