import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { itemsOf } from './flatted.ts';
import { N8nApi } from './n8n-api.ts';
import { withSubNodes } from './sub-nodes.ts';
import { byName, chain, chatParameters, NODE_TYPE, ourNode, startNode, type WorkflowFile } from './workflow.ts';

const n8n = inject('n8n');

const AGENTS = [1.9, 2.2, 3, 3.1];
/** A model that exists only to be deleted. */
const spareModel = (version: number) => `spare-${version}`;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const png = PNG.toString('base64');

const text = { messages: { values: [{ role: 'user', content: 'Hi' }] } };
const model = { model: byName('chat-model') };
const embedding = { model: byName('embedding-model') };
/** Every operation, by a name for its tool. */
const operations: Record<string, Record<string, unknown>> = {
  chat_send: { ...model, ...text },
  generate_send: { ...model, prompt: 'Hi' },
  embedding_embed: { ...embedding, text: 'a' },
  embedding_rank: { ...embedding, query: 'q', text: 'a' },
  model_copy: { ...model, destination: 'copied' },
  model_create: { model: byName('created'), source: 'fields', from: byName('chat-model') },
  model_delete: {},
  model_get: model,
  model_getAll: {},
  model_getRunning: {},
  model_load: model,
  model_pull: { model: byName('pulled-model') },
  model_push: { model: byName('someone/own-model') },
  model_unload: { model: byName('embedding-model') },
  server_status: {},
  server_version: {},
};

const models = ['chat-model', ...AGENTS.map(spareModel), 'someone/own-model'].map((name) =>
  scriptedModel({ name, capabilities: ['completion', 'tools', 'vision'] }),
);
models.push(scriptedModel({ name: 'embedding-model', capabilities: ['embedding'] }));

describe.skipIf('missing' in n8n)("n8n's agents, chains and memories", () => {
  let api: N8nApi;
  let server: ScriptedServer;
  /** The tools have their own server, which shows who sent which request. */
  let toolServer: ScriptedServer;
  let site: Server;
  let credentials: { model: string; tools: string };

  beforeAll(async () => {
    if ('missing' in n8n) return;
    api = new N8nApi(n8n.access);
    [server, toolServer] = await Promise.all([startScripted({ models }), startScripted({ models })]);
    credentials = {
      model: await api.addCredential({ baseUrl: server.host }),
      tools: await api.addCredential({ baseUrl: toolServer.host }),
    };
    site = createServer((_, response) => response.setHeader('content-type', 'image/png').end(PNG));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.reset();
    toolServer.reset();
  });
  afterAll(async () => {
    site?.closeAllConnections();
    site?.close();
    await Promise.all([server?.close(), toolServer?.close()]);
  });

  const chatModel = () => ({
    ...ourNode({ ...model, options: {} }, credentials.model),
    id: 'model',
    name: 'Model',
    type: `${NODE_TYPE}ChatModel`,
  });
  const agent = (typeVersion: number) => ({
    id: 'agent',
    name: 'Agent',
    type: '@n8n/n8n-nodes-langchain.agent',
    typeVersion,
    parameters: {
      ...(typeVersion < 2 && { agent: 'toolsAgent' }),
      promptType: 'define',
      text: 'What is this?',
      options: { passthroughBinaryImages: true },
    },
  });
  const files = (binary: string) => ({
    id: 'code',
    name: 'Items',
    type: 'n8n-nodes-base.code',
    typeVersion: 2,
    parameters: { jsCode: `return [{ json: { sessionId: 'a' }, binary: ${binary} }];` },
  });
  const onePng = `{ data: { data: '${png}', mimeType: 'image/png', fileName: 'a.png' } }`;

  async function run(file: WorkflowFile, trigger = 'Start') {
    const ended = await api.ended(await api.start(await api.addWorkflow(file), trigger));
    expect(ended.run.resultData.error).toBeUndefined();
    expect(ended.status).toBe('success');
    return ended.run;
  }

  interface Sent {
    role: string;
    content: string;
    images?: string[];
  }
  const sentTo = (index = -1) => server.requestsTo('/api/chat').at(index)!.body['messages'] as Sent[];

  test.each(AGENTS)('every operation is a tool of AI Agent %s', async (version) => {
    const names = Object.keys(operations);
    const tools = names.map((name) => {
      const [resource, operation] = name.split('_');
      const spare = name === 'model_delete' && { model: byName(spareModel(version)) };
      const parameters = { resource, operation, ...operations[name], ...spare };
      return { ...ourNode(parameters, credentials.tools), id: name, name, type: `${NODE_TYPE}Tool` };
    });
    const file = withSubNodes(chain(`Tools of Agent ${version}`, [startNode, agent(version)]), 'Agent', {
      ai_languageModel: [chatModel()],
      ai_tool: tools,
    });
    server.chat({ toolCalls: names.map((name) => ({ name, arguments: {} })) }).chat({ text: 'All done.' });
    const ended = await run(file);
    expect(itemsOf(ended, 'Agent')).toMatchObject([{ output: 'All done.' }]);
    const results = sentTo().filter(({ role }) => role === 'tool');
    expect(results).toHaveLength(names.length);
    for (const { content } of results) expect(content).not.toMatch(/error|no input of type|does not have/i);
    expect(results[0]!.content).toMatch(/Hello from the scripted engine/);
    for (const path of [
      '/api/chat',
      '/api/generate',
      '/api/embed',
      '/api/copy',
      '/api/create',
      '/api/pull',
      '/api/push',
    ]) {
      expect(toolServer.requestsTo(path).length, path).toBeGreaterThan(0);
    }
  });

  test.each(AGENTS)('an image goes through AI Agent %s to the model', async (version) => {
    server.chat({ text: 'A dot.' });
    const file = chain(`Images of Agent ${version}`, [startNode, files(onePng), agent(version)]);
    await run(withSubNodes(file, 'Agent', { ai_languageModel: [chatModel()] }));
    expect(sentTo().flatMap(({ images = [] }) => images)).toEqual([png]);
    expect(sentTo().filter(({ content, images }) => content === '' && !images)).toEqual([]);
  });

  test.each([1.4, 1.9])('images go through Basic LLM Chain %s: a file and an address', async (typeVersion) => {
    const imageUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/a.png`;
    const message = { type: 'HumanMessagePromptTemplate', imageDetail: 'auto' };
    const messageValues = [
      { ...message, messageType: 'imageBinary', binaryImageDataKey: 'data' },
      { ...message, messageType: 'imageUrl', imageUrl },
    ];
    const llmChain = {
      id: 'chain',
      name: 'Chain',
      type: '@n8n/n8n-nodes-langchain.chainLlm',
      typeVersion,
      parameters: { promptType: 'define', text: 'What?', messages: { messageValues } },
    };
    server.chat({ text: 'Two dots.' });
    const file = chain(`Images of a chain ${typeVersion}`, [startNode, files(onePng), llmChain]);
    await run(withSubNodes(file, 'Chain', { ai_languageModel: [chatModel()] }));
    expect(sentTo().flatMap(({ images = [] }) => images)).toEqual([png, png]);
  });

  test.each(['agent', 'chainLlm'])('requested JSON comes out of %s without its fence', async (type) => {
    const parameters = { ...agent(3.1).parameters, hasOutputParser: false };
    const node = {
      ...agent(3.1),
      type: `@n8n/n8n-nodes-langchain.${type}`,
      typeVersion: type === 'agent' ? 3.1 : 1.9,
      parameters,
    };
    const asJson = { ...chatModel(), parameters: { ...model, options: { any_json: true } } };
    server.always.chat({ text: '\ufeff<think>Hm</think>Here:\n```json\n{"city":"Oslo"}\n```' });
    const ended = await run(
      withSubNodes(chain(`JSON of ${type}`, [startNode, node]), 'Agent', { ai_languageModel: [asJson] }),
    );
    expect(JSON.stringify(itemsOf(ended, 'Agent'))).toContain(JSON.stringify('{"city":"Oslo"}').slice(1, -1));
    expect(JSON.stringify(itemsOf(ended, 'Agent'))).not.toContain('```');
    expect(ended.resultData.runData['Model']![0]!.hints).toMatchObject([
      { message: expect.stringContaining('was extracted') },
    ]);
  });

  test('the output parser of a chain has the model fix an answer', async () => {
    const llmChain = {
      id: 'chain',
      name: 'Chain',
      type: '@n8n/n8n-nodes-langchain.chainLlm',
      typeVersion: 1.9,
      parameters: { promptType: 'define', text: 'Which city?', hasOutputParser: true },
    };
    const parser = {
      id: 'parser',
      name: 'Parser',
      type: '@n8n/n8n-nodes-langchain.outputParserStructured',
      typeVersion: 1.3,
      parameters: { jsonSchemaExample: '{ "city": "Rome" }', autoFix: true },
    };
    const parsed = withSubNodes(chain('Fixed', [startNode, llmChain]), 'Chain', { ai_outputParser: [parser] });
    const file = withSubNodes(parsed, ['Chain', 'Parser'], { ai_languageModel: [chatModel()] });
    server.chat({ text: 'It is Oslo.' }).chat({ thinking: 'Hm', text: '{"output":{"city":"Oslo"}}' });
    expect(itemsOf(await run(file), 'Chain')).toEqual([{ output: { city: 'Oslo' } }]);
  });

  test('a file that was uploaded in the chat window is sent, and one that is not an image is rejected by name', async () => {
    const trigger = {
      id: 'trigger',
      name: 'Chat',
      type: '@n8n/n8n-nodes-langchain.chatTrigger',
      typeVersion: 1.4,
      webhookId: 'uploads',
      parameters: { public: true, mode: 'webhook', options: { allowFileUploads: true, responseMode: 'lastNode' } },
    };
    const passing = agent(3.1);
    passing.parameters = { ...passing.parameters, text: '={{ $json.chatInput }}' };
    const file = withSubNodes(chain('Uploads', [trigger, passing]), 'Agent', { ai_languageModel: [chatModel()] });
    await api.publish(await api.addWorkflow(file));
    server.chat({ text: 'A dot.' });
    const form = new FormData();
    for (const [name, value] of Object.entries({ action: 'sendMessage', sessionId: 's', chatInput: 'What is this?' })) {
      form.append(name, value);
    }
    form.append('files', new Blob([PNG], { type: 'image/png' }), 'a.png');
    const response = await fetch(`${api.access.url}/webhook/uploads/chat`, { method: 'POST', body: form });
    expect(await response.json()).toMatchObject({ output: 'A dot.' });
    expect(sentTo().flatMap(({ images = [] }) => images)).toEqual([png]);

    const pdf = `{ data: { data: '${Buffer.from('%PDF-1.7').toString('base64')}', mimeType: 'application/pdf', fileName: 'a.pdf' } }`;
    const reading = agent(3.1);
    Object.assign(reading.parameters.options, { passthroughBinaryPdfs: true });
    const withPdf = withSubNodes(chain('PDF', [startNode, files(pdf), reading]), 'Agent', {
      ai_languageModel: [chatModel()],
    });
    const { run: failed } = await api.ended(await api.start(await api.addWorkflow(withPdf)));
    expect(JSON.stringify(failed.resultData.error)).toMatch(/application\/pdf, which Ollama does not accept/);
  });

  test("a chat remembers earlier messages in n8n's Simple Memory", async () => {
    const memory = {
      id: 'memory',
      name: 'Memory',
      type: '@n8n/n8n-nodes-langchain.memoryBufferWindow',
      typeVersion: 1.3,
      parameters: {},
    };
    const nodes = [startNode, files('{}'), ourNode(chatParameters(), credentials.model)];
    const workflow = await api.addWorkflow(withSubNodes(chain('Memory', nodes), 'Ollama', { ai_memory: [memory] }));
    server.chat({ text: 'Rayleigh.' }).chat({ text: 'As I said.' });
    for (const answer of ['Rayleigh.', 'As I said.']) {
      const { status, run } = await api.ended(await api.start(workflow));
      expect(status).toBe('success');
      expect(itemsOf(run)).toMatchObject([{ text: answer }]);
    }
    const question = { role: 'user', content: 'Why is the sky blue?' };
    expect(sentTo()).toEqual([question, { role: 'assistant', content: 'Rayleigh.' }, question]);
  });

  test('a workflow that stores files in the JSON of its items can chat, and reports what n8n cannot do there', async () => {
    const combined = (file: WorkflowFile): WorkflowFile => ({
      ...file,
      settings: { ...file.settings, binaryMode: 'combined' },
    });
    const nodes = [startNode, ourNode(chatParameters(), credentials.model)];
    expect(itemsOf(await run(combined(chain('Combined', nodes))))).toHaveLength(1);
    const withImage = ourNode(chatParameters({ imageSource: 'binary', imageFields: 'data' }), credentials.model);
    await run(combined(chain('Combined with an image', [startNode, files(onePng), withImage])));
    expect(sentTo().flatMap(({ images = [] }) => images)).toEqual([png]);
    const calculator = {
      id: 'calculator',
      name: 'Calculator',
      type: '@n8n/n8n-nodes-langchain.toolCalculator',
      typeVersion: 1,
      parameters: {},
    };
    const file = combined(withSubNodes(chain('Combined with a tool', nodes), 'Ollama', { ai_tool: [calculator] }));
    const { run: failed } = await api.ended(await api.start(await api.addWorkflow(file)));
    expect(failed.resultData.error).toMatchObject({
      message: 'n8n cannot determine which sub-nodes are connected in this workflow',
    });
  });
});
