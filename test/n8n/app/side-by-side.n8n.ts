import { type Gate, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { itemsOf } from './flatted.ts';
import { N8nApi } from './n8n-api.ts';
import { byName, chain, chatParameters, ourNode, startNode, type WorkflowNode } from './workflow.ts';

const n8n = inject('n8n');

const ITEMS = 16;
/** How many requests the server processes at once. */
const SLOTS = 4;

describe.skipIf('missing' in n8n)("compared with n8n's own Ollama node", () => {
  let api: N8nApi;
  let server: ScriptedServer;
  let ours: Omit<WorkflowNode, 'position'>;
  let theirs: Omit<WorkflowNode, 'position'>;

  beforeAll(async () => {
    if ('missing' in n8n) return;
    api = new N8nApi(n8n.access);
    server = await startScripted();
    const message = { values: [{ role: 'user', content: '=Number {{ $json.number }}' }] };
    const options = { keep_alive: '30m', temperature: 0 };
    const batching = { values: { concurrency: SLOTS, pauseSeconds: 0 } };
    ours = ourNode(
      chatParameters({ messages: message, options: { ...options, batching } }),
      await api.addCredential({ baseUrl: server.host }),
    );
    const credential = await api.addCredential({ baseUrl: server.host, apiKey: '' }, 'ollamaApi');
    theirs = {
      ...ours,
      type: '@n8n/n8n-nodes-langchain.ollama',
      parameters: {
        resource: 'text',
        operation: 'message',
        modelId: byName('chat-model'),
        messages: message,
        options: { ...options, format: 'json' },
      },
      credentials: { ollamaApi: { id: credential, name: 'Ollama' } },
    };
  });
  afterEach(() => server.reset());
  afterAll(() => server?.close());

  /** @param together how many requests have to be there before any of them is answered */
  async function run(node: Omit<WorkflowNode, 'position'>, items: number, together = 1) {
    const jsCode = `return Array.from({ length: ${items} }, (_, number) => ({ json: { number } }));`;
    const code = { id: 'code', name: 'Items', type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } };
    const workflow = await api.addWorkflow(chain('Side by side', [startNode, code, node]));
    server.reset();
    const waiting: Gate[] = [];
    let mostOpen = 0;
    server.always.chat(() => {
      const answer = gate();
      waiting.push(answer);
      mostOpen = Math.max(mostOpen, server.requests.filter(({ outcome }) => outcome === 'open').length);
      if (waiting.length === together) for (const one of waiting.splice(0)) one.release();
      return { text: [answer, '{}'] };
    });
    const { status, run } = await api.ended(await api.start(workflow));
    expect(run.resultData.error).toBeUndefined();
    expect(status).toBe('success');
    expect(itemsOf(run)).toHaveLength(items);
    return { mostOpen, request: server.requests[0]! };
  }

  test('options are sent where Ollama reads them', async () => {
    const { request } = await run(ours, 1);
    expect(request.body).toEqual({
      model: 'chat-model',
      messages: [{ role: 'user', content: 'Number 0' }],
      keep_alive: '30m',
      options: { temperature: 0 },
      stream: true,
    });
    expect(request.headers['authorization']).toBeUndefined();
    // n8n's own node, for comparison: Ollama ignores both there.
    const other = (await run(theirs, 1)).request;
    expect(other.body['options']).toMatchObject({ keep_alive: '30m', format: 'json' });
    expect(other.headers['authorization']).toMatch(/^Bearer/);
  });

  test(`a server with ${SLOTS} slots has ${SLOTS} items at a time, and one from n8n's own node`, async () => {
    expect((await run(ours, ITEMS, SLOTS)).mostOpen).toBe(SLOTS);
    expect((await run(theirs, ITEMS)).mostOpen).toBe(1);
  });
});
