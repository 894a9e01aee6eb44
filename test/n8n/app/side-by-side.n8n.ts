import { delay, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { itemsOf } from './flatted.ts';
import { N8nApi } from './n8n-api.ts';
import { byName, chain, chatParameters, ourNode, startNode, type WorkflowNode } from './workflow.ts';

const n8n = inject('n8n');

const ITEMS = 64;
const ANSWER_MS = 100;
/** How many requests the server would process at once. */
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
    const batching = { values: { concurrency: SLOTS, pauseMs: 0 } };
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

  async function run(node: Omit<WorkflowNode, 'position'>, items: number) {
    const jsCode = `return Array.from({ length: ${items} }, (_, number) => ({ json: { number } }));`;
    const code = { id: 'code', name: 'Items', type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } };
    const workflow = await api.addWorkflow(chain('Side by side', [startNode, code, node]));
    server.reset();
    server.always.chat({ text: [delay(ANSWER_MS), '{}'] });
    const { status, run } = await api.ended(await api.start(workflow));
    expect(run.resultData.error).toBeUndefined();
    expect(status).toBe('success');
    expect(itemsOf(run)).toHaveLength(items);
    const { requests } = server;
    const ms = Math.max(...requests.map(({ closedAt }) => closedAt!)) - requests[0]!.receivedAt;
    return { ms, request: requests[0]! };
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

  test(`${ITEMS} items of ${ANSWER_MS} ms with ${SLOTS} slots`, async () => {
    const [other, own] = [await run(theirs, ITEMS), await run(ours, ITEMS)];
    const perMinute = (ms: number) => Math.round((ITEMS * 60_000) / ms);
    const ratio = own.ms / other.ms;
    console.log(
      `items a minute: ours ${perMinute(own.ms)}, n8n's ${perMinute(other.ms)}; time ratio ${ratio.toFixed(2)}`,
    );
    // 0.25 is the best that four slots can do; a busy machine gets more.
    expect(ratio).toBeLessThan(0.5);
  });
});
