import { replyJson, type ScriptedServer, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { chromium } from '../../fixtures/chromium.ts';
import { EditorPage } from './editor-page.ts';
import { N8nApi } from './n8n-api.ts';
import { withSubNodes } from './sub-nodes.ts';
import { byName, chain, chatParameters, NODE_TYPE, ourNode, startNode } from './workflow.ts';

const n8n = inject('n8n');
const model = { model: byName('qwen3:8b') };

/** What people do with each part of the package, as they see it. */
describe.skipIf('missing' in n8n || chromium === undefined)("stories in n8n's editor", () => {
  const stack = new AsyncDisposableStack();
  let server: ScriptedServer;
  let editor: EditorPage;
  let api: N8nApi;
  let credential: string;

  beforeAll(async () => {
    if ('missing' in n8n) return;
    api = new N8nApi(n8n.access);
    const models = [
      scriptedModel({ name: 'qwen3:8b', capabilities: ['completion', 'tools', 'thinking'] }),
      scriptedModel({ name: 'nomic-embed-text', capabilities: ['embedding'] }),
    ];
    server = stack.use(await startScripted({ models }));
    credential = await api.addCredential({ baseUrl: server.host }, undefined, 'Ollama at home');
    editor = stack.use(await EditorPage.open(chromium!, n8n.access));
  });
  afterEach(() => server.reset());
  afterAll(() => stack.disposeAsync());

  const open = async (file: Parameters<N8nApi['addWorkflow']>[0]) => {
    const { id } = await api.addWorkflow(file);
    await editor.goto(`/workflow/${id}`);
  };

  test('a credential is tested when it is opened, and reports success', async () => {
    await editor.goto(`/home/credentials/${credential}`);
    await editor.shows('Connection tested successfully');
    const pageText = await editor.text();
    for (const label of ['Base URL', 'Authentication', 'CA Certificate', 'Ignore SSL Issues']) {
      expect(pageText).toContain(label);
    }
    await editor.picture('n8n-credential');
  });

  test('a credential for a server that is down says what to do', async () => {
    const gone = await api.addCredential({ baseUrl: 'http://127.0.0.1:9' }, undefined, 'Ollama that is off');
    await editor.goto(`/home/credentials/${gone}`);
    await editor.shows('connect with these settings');
    await editor.clickText('More details');
    await editor.shows('use http://host.docker.internal:11434');
    expect(await editor.text()).toMatch(/connection refused/);
    await editor.picture('n8n-credential-refused');
  });

  const agent = {
    id: 'agent',
    name: 'AI Agent',
    type: '@n8n/n8n-nodes-langchain.agent',
    typeVersion: 3.1,
    parameters: { promptType: 'define', text: 'Why is the sky blue?', options: {} },
  };
  const chatModel = () => ({
    ...ourNode({ ...model, options: { temperature: 0.2 } }, credential),
    id: 'model',
    name: 'Ollama Toolbelt Chat Model',
    type: `${NODE_TYPE}ChatModel`,
  });

  test('the Chat Model of an agent reports in its output that the model only thought', async () => {
    server.always.chat({ thinking: 'Light is scattered, so', text: '', doneReason: 'length' });
    await open(
      withSubNodes(chain('An agent on a local model', [startNode, agent]), 'AI Agent', {
        ai_languageModel: [chatModel()],
      }),
    );
    await editor.openNode('AI Agent');
    await editor.execute();
    await expect.poll(() => server.requestsTo('/api/chat').length).toBe(1);
    await editor.closeNode();
    await editor.openNode('Ollama Toolbelt Chat Model');
    await editor.shows('The model thought but gave no answer');
    expect(await editor.hints()).toEqual([
      expect.stringContaining('The answer reached its maximum length'),
      expect.stringContaining('The model thought but gave no answer'),
    ]);
    await editor.picture('n8n-chat-model');
  });

  test('the Embeddings say what they must be connected to', async () => {
    const embeddings = {
      ...ourNode({ model: byName('nomic-embed-text'), options: { query_prefix: 'search_query: ' } }, credential),
      id: 'embeddings',
      name: 'Ollama Toolbelt Embeddings',
      type: `${NODE_TYPE}Embeddings`,
    };
    await open(chain('Embeddings', [embeddings]));
    await editor.openNode('Ollama Toolbelt Embeddings');
    await editor.shows('must be connected to a vector store');
    await editor.picture('n8n-embeddings');
  });

  test('the trigger outputs a sample of each event to build on', async () => {
    const events = ['added', 'updated', 'removed', 'loaded', 'unloaded'];
    server.always.on('GET /api/ps', replyJson({ models: [] }));
    const trigger = {
      ...ourNode({ events, pollTimes: { item: [{ mode: 'everyHour' }] } }, credential),
      id: 'trigger',
      name: 'Ollama Toolbelt Trigger',
      type: `${NODE_TYPE}Trigger`,
    };
    await open(chain('When a model changes', [trigger]));
    await editor.openNode('Ollama Toolbelt Trigger');
    await editor.shows('Fetch Test Event');
    await editor.execute();
    await editor.shows('5 items');
    // The newest model is the sample of each.
    await editor.page.until(`document.body.innerText.split('nomic-embed-text').length > 5`);
    const pageText = await editor.text();
    for (const event of events) expect(pageText).toContain(event);
    await editor.picture('n8n-trigger');
  });

  test('a chat takes a memory and tools', async () => {
    const memory = {
      id: 'memory',
      name: 'Simple Memory',
      type: '@n8n/n8n-nodes-langchain.memoryBufferWindow',
      typeVersion: 1.3,
      parameters: { sessionIdType: 'customKey', sessionKey: 'ada' },
    };
    const tool = {
      id: 'tool',
      name: 'Calculator',
      type: '@n8n/n8n-nodes-langchain.toolCalculator',
      typeVersion: 1,
      parameters: {},
    };
    const chat = ourNode(chatParameters({ ...model, options: { output_messages: true } }), credential);
    const file = withSubNodes(chain('A chat that remembers', [startNode, chat]), 'Ollama', {
      ai_memory: [memory],
      ai_tool: [tool],
    });
    server.always.chat({ text: 'Rayleigh scattering.' });
    await open(file);
    await editor.openNode('Ollama');
    await editor.execute();
    await editor.shows('Rayleigh scattering.');
    await editor.closeNode();
    await editor.picture('n8n-memory');
  });

  test.each([
    ['empty', { text: '' }, 'The answer is empty: the model wrote nothing'],
    ['thinking-only', { text: '<think>Light is scattered, so' }, 'The model thought but gave no answer'],
  ])('an answer that is %s is a hint above the output, once', async (kind, answer, hint) => {
    server.always.chat(answer);
    await open(chain('A question', [startNode, ourNode(chatParameters(model), credential)]));
    await editor.openNode('Ollama');
    await editor.execute();
    await editor.shows(hint);
    expect(await editor.hints()).toEqual([expect.stringContaining(hint)]);
    await editor.picture(`n8n-hint-${kind}`);
  });
});
