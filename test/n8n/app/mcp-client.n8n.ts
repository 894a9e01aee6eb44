import { Delay, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type HttpProcess, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { itemsOf } from './flatted.ts';
import { N8nApi } from './n8n-api.ts';
import { chain, startNode } from './workflow.ts';

const n8n = inject('n8n');
const isSlow = process.env['SLOW_TESTS'] === '1';

const TOKEN = 'a-token-of-this-test-alone';
const NODE = { name: '@n8n/n8n-nodes-langchain.mcpClient', version: 1.1 };

describe.skipIf('missing' in n8n)("n8n's own MCP Client node, with our MCP server over HTTP", () => {
  const stack = new AsyncDisposableStack();
  let api: N8nApi;
  let server: ScriptedServer;
  let mcp: HttpProcess;
  let credentialId: string;

  const startServer = async (budgetMs: string) =>
    stack.use(
      await startHttp({
        host: server.host,
        args: ['--budget-ms', budgetMs, '--model', 'chat-model'],
        env: { OLLAMA_MCP_TOKEN: TOKEN },
      }),
    );

  beforeAll(async () => {
    if ('missing' in n8n) return;
    api = new N8nApi(n8n.access);
    server = stack.use(await startScripted());
    mcp = await startServer('0');
    credentialId = await api.addCredential({ token: TOKEN }, 'httpBearerAuth', 'MCP');
  });
  afterEach(() => server.reset());
  afterAll(() => stack.disposeAsync());

  const connection = (url: string) => ({
    serverTransport: 'httpStreamable',
    endpointUrl: url,
    authentication: 'bearerAuth',
  });

  async function call(url: string, args: object, options: object = {}, credential = credentialId) {
    const node = {
      id: 'mcp',
      name: 'MCP Client',
      type: NODE.name,
      typeVersion: NODE.version,
      parameters: {
        ...connection(url),
        tool: { __rl: true, mode: 'id', value: 'ollama_chat' },
        inputMode: 'json',
        jsonInput: JSON.stringify(args),
        options,
      },
      credentials: { httpBearerAuth: { id: credential, name: 'MCP' } },
    };
    const workflow = await api.addWorkflow(chain('MCP', [startNode, node]));
    return api.ended(await api.start(workflow), 200_000);
  }
  const question = { messages: [{ role: 'user', content: 'Why is the sky blue?' }] };

  test('lists the tools', async () => {
    const { results } = await api.call<{ results: { value: string }[] }>(
      'POST',
      '/dynamic-node-parameters/resource-locator-results',
      {
        nodeTypeAndVersion: NODE,
        path: 'parameters.tool',
        methodName: 'getTools',
        currentNodeParameters: connection(mcp.url),
        credentials: { httpBearerAuth: { id: credentialId, name: 'MCP' } },
      },
    );
    expect(results.map(({ value }) => value)).toEqual(expect.arrayContaining(['ollama_chat', 'ollama_embed']));
  });

  test('calls a tool', async () => {
    server.chat({ text: ['Ray', 'leigh'] });
    const { status, run } = await call(mcp.url, question);
    expect(run.resultData.error).toBeUndefined();
    expect(status).toBe('success');
    expect(itemsOf(run, 'MCP Client')[0]!['structuredContent']).toMatchObject({ text: 'Rayleigh' });
    expect(server.requestsTo('/api/chat')).toHaveLength(1);
  });

  test('is rejected with a wrong token', async () => {
    const wrong = await api.addCredential({ token: 'wrong' }, 'httpBearerAuth', 'Wrong');
    const { status, run } = await call(mcp.url, question, {}, wrong);
    expect(status).toBe('error');
    expect(run.resultData.error!.message).toMatch(/authenticat|connect/i);
    expect(server.requests).toHaveLength(0);
  });

  test('gets a partial answer when the budget is used up', async () => {
    const hasty = await startServer('500');
    server.chat({ text: ['Ray', gate(), 'leigh'] });
    const { status, run } = await call(hasty.url, question);
    expect(status).toBe('success');
    expect(itemsOf(run, 'MCP Client')[0]!['structuredContent']).toMatchObject({ text: 'Ray', partial: true });
  });

  test.skipIf(!isSlow)('waits 90 seconds for an answer (SLOW_TESTS=1)', { timeout: 300_000 }, async () => {
    server.chat({ text: ['Ray', new Delay(90_000), 'leigh'] });
    const { run } = await call(mcp.url, question, { timeout: 120_000 });
    expect(run.resultData.error).toBeUndefined();
    expect(itemsOf(run, 'MCP Client')[0]!['structuredContent']).toMatchObject({ text: 'Rayleigh' });
  });
});
