import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import type { NodeName } from './engine.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine({ withSdk: true });
const script = fileURLToPath(new URL('../../../examples/convert-n8n-workflow.ts', import.meta.url));

interface Converted {
  type: string;
  typeVersion: number;
  parameters: INodeParameters;
  [more: string]: unknown;
}

/** What the script makes of a file, and its messages. */
async function runScript(content: unknown): Promise<{ converted: unknown; warnings: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'convert-'));
  const file = join(folder, 'workflow.json');
  try {
    await writeFile(file, JSON.stringify(content));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, file]);
    return { converted: JSON.parse(stdout), warnings: stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The script's result for one of n8n's nodes, and its messages. */
async function convert(type: string, parameters: INodeParameters): Promise<{ node: Converted; warnings: string }> {
  const credentials = { ollamaApi: { id: '1', name: 'Ollama account' } };
  const node = { id: 'a', name: 'Node', type: `@n8n/n8n-nodes-langchain.${type}`, typeVersion: 1, position: [0, 0] };
  const connections = { Node: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } };
  const next = { id: 'b', name: 'Next', type: 'n8n-nodes-base.noOp', typeVersion: 1, position: [0, 0], parameters: {} };
  const workflow = { name: 'Mine', nodes: [{ ...node, parameters, credentials }, next], connections };
  const { converted, warnings } = await runScript(workflow);
  expect(converted).toMatchObject({ name: 'Mine', connections, nodes: [{ id: 'a', position: [0, 0] }, next] });
  return { node: (converted as { nodes: [Converted] }).nodes[0], warnings };
}

const nameOf = ({ type }: Converted) => type.replace('n8n-nodes-ollama-belt.', '') as NodeName;
const setup = (node: Converted) => ({
  type: nameOf(node),
  parameters: node.parameters,
  credential: { baseUrl: server.host },
});
const modelId = { __rl: true, mode: 'list', value: 'thinking-model', cachedResultName: 'thinking-model' };

test('a message to a model', async () => {
  const { node, warnings } = await convert('ollama', {
    modelId,
    messages: { values: [{ content: 'Hello' }, { content: 'Hi', role: 'assistant' }, { content: 'List two colors' }] },
    options: {
      system: 'Be brief.',
      temperature: 0.2,
      think: false,
      stop: 'one, two',
      keep_alive: '30m',
      format: 'json',
      low_vram: true,
    },
  });
  expect(node).not.toHaveProperty('credentials');
  server.chat({ text: '{"colors":["red","blue"]}' });
  const { status, outputs } = await engine.run(setup(node));
  expect([status, outputs[0]?.[0]?.json['parsed']]).toEqual(['success', { colors: ['red', 'blue'] }]);
  expect(server.lastRequest.body).toEqual({
    model: 'thinking-model',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'List two colors' },
    ],
    stream: true,
    think: false,
    keep_alive: '30m',
    format: 'json',
    options: { temperature: 0.2, stop: ['one', 'two'] },
  });
  expect(warnings).toMatch(/^Node: left out what Ollama ignores: low_vram\nNode: the answer is in the field "text"/);
});

test('an image to analyze', async () => {
  const { node } = await convert('ollama', { resource: 'image', modelId, text: 'What is this?', options: {} });
  server.chat({ text: 'A cat' });
  const { outputs } = await engine.run({ ...setup(node), binary: { data: 'iVBORw0KGgo=' } });
  expect(outputs[0]?.[0]?.json['text']).toBe('A cat');
  expect(server.lastRequest.body['messages']).toEqual([
    { role: 'user', content: 'What is this?', images: ['iVBORw0KGgo='] },
  ]);
  const { node: byUrl } = await convert('ollama', {
    resource: 'image',
    modelId,
    inputType: 'url',
    imageUrls: 'https://example.com/a.png, https://example.com/b.png',
  });
  expect(byUrl.parameters).toMatchObject({
    imageSource: 'url',
    imageUrls: 'https://example.com/a.png, https://example.com/b.png',
  });
});

test('a chat model', async () => {
  const { node, warnings } = await convert('lmChatOllama', {
    model: 'chat-model',
    options: { numCtx: 4096, topP: 0.5, keepAlive: '1h', useMLock: true, useMMap: false, format: 'json' },
  });
  expect(warnings).toBe('Node: left out what Ollama ignores: use_mlock\n');
  const { response } = await engine.supply(setup(node));
  const { chatModel } = response as { chatModel: { generate(messages: object[]): Promise<unknown> } };
  await chatModel.generate([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
  expect(server.lastRequest.body).toMatchObject({
    model: 'chat-model',
    keep_alive: '1h',
    format: 'json',
    options: { num_ctx: 4096, top_p: 0.5, use_mmap: false },
  });
});

test('embeddings', async () => {
  const { node } = await convert('embeddingsOllama', { model: 'embedding-model' });
  const { response } = await engine.supply(setup(node));
  const vectors = await (response as { embedDocuments(texts: string[]): Promise<number[][]> }).embedDocuments([
    'a',
    'b',
  ]);
  expect(vectors).toHaveLength(2);
  expect(server.lastRequest.body).toMatchObject({ model: 'embedding-model', input: ['a', 'b'] });
});

test('the tool of an agent, and settings without a counterpart', async () => {
  const { node } = await convert('ollamaTool', { modelId, messages: { values: [{ content: 'Hi' }] } });
  expect(node).toMatchObject({ type: 'n8n-nodes-ollama-belt.ollamaBeltTool', parameters: { operation: 'send' } });
  const { node: same, warnings } = await convert('lmOllama', { model: 'chat-model' });
  expect(same).toMatchObject({ type: '@n8n/n8n-nodes-langchain.lmOllama', credentials: expect.anything() });
  expect(warnings).toContain('not converted');
});

test('the description that an agent gets of a tool', async () => {
  const described = { descriptionType: 'manual', toolDescription: 'Knows Oslo.' };
  const { node } = await convert('ollamaTool', { modelId, messages: { values: [{ content: 'Hi' }] }, ...described });
  expect(node.parameters).toMatchObject(described);
  expect((await convert('ollama', { modelId })).node.parameters).not.toHaveProperty('toolDescription');
});

test('a default model, which n8n does not store', async () => {
  for (const type of ['lmChatOllama', 'embeddingsOllama'])
    expect((await convert(type, {})).node.parameters).toMatchObject({ model: { value: 'llama3.2' } });
});

test('stop sequences from an expression stay whole', async () => {
  const stop = '={{ [$json.a, $json.b] }}';
  const { node, warnings } = await convert('ollama', { modelId, options: { stop } });
  expect(node.parameters['options']).toEqual({ stop: [stop] });
  expect(warnings).toContain('check Stop Sequences');
});

test('a format from an expression is left out, and named', async () => {
  const { node, warnings } = await convert('ollama', { modelId, options: { format: '={{ $json.format }}' } });
  expect(node.parameters).toMatchObject({ options: {} });
  expect(node.parameters).not.toHaveProperty('outputFormat');
  expect(warnings).toContain('left out Output Format');
});

test('several workflows in one file, with nodes of any form', async () => {
  const type = '@n8n/n8n-nodes-langchain.lmChatOllama';
  const other = { id: 'b', name: 'B', type: 'n8n-nodes-base.set', typeVersion: 3, parameters: { options: null } };
  const noted = {
    id: 'c',
    name: 'C',
    type: 'n8n-nodes-base.set',
    typeVersion: 3,
    parameters: { options: { f16: 1, low_vram: 1 } },
  };
  const workflows = [
    { nodes: [{ id: 'a', name: 'A', type, typeVersion: 1, parameters: {} }] },
    { nodes: [other, noted] },
  ];
  const { converted, warnings } = await runScript(workflows);
  expect(converted).toMatchObject([
    { nodes: [{ type: 'n8n-nodes-ollama-belt.ollamaBeltChatModel' }] },
    { nodes: [other, noted] },
  ]);
  expect(warnings).toBe('');
});
