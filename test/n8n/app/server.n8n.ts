import { faults, gate, replyJson, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { itemsOf } from './flatted.ts';
import { N8nApi } from './n8n-api.ts';
import { piecesOf } from './streamed-answer.ts';
import { CREDENTIAL_TYPE, chain, chatParameters, NODE_TYPE, ourNode, startNode, webhookNode } from './workflow.ts';

const n8n = inject('n8n');

describe.skipIf('missing' in n8n)("n8n's server", () => {
  let api: N8nApi;
  let server: ScriptedServer;
  let credentialId: string;

  beforeAll(async () => {
    if ('missing' in n8n) return;
    api = new N8nApi(n8n.access);
    server = await startScripted();
    credentialId = await api.addCredential({ baseUrl: server.host });
  });
  afterEach(() => server.reset());
  afterAll(() => server?.close());

  describe('the test of a credential', () => {
    test('says that it works', async () => {
      expect(await api.testCredential({ baseUrl: `${server.host}/v1` })).toMatchObject({ status: 'OK' });
      expect(server.lastRequest.headers['authorization']).toBeUndefined();
    });

    test('says what is wrong', async () => {
      await using gone = await startScripted();
      await gone.refuse();
      expect(await api.testCredential({ baseUrl: gone.host })).toMatchObject({
        status: 'Error',
        message: expect.stringMatching(/ECONNREFUSED.*host\.docker\.internal/s),
      });
      server.on('GET /api/tags', faults.unauthorized());
      const wrongKey = await api.testCredential({ baseUrl: server.host, apiKey: 'wrong' });
      expect(wrongKey).toMatchObject({
        status: 'Error',
        message: expect.stringContaining('Check Authentication in the credential'),
      });
      server.on('GET /api/tags', replyJson({ hello: 'I am something else' }, 200));
      expect(await api.testCredential({ baseUrl: server.host })).toMatchObject({
        status: 'Error',
        message: expect.stringContaining('Something other than Ollama'),
      });
      const headers = await api.testCredential({
        baseUrl: server.host,
        authentication: 'headers',
        headers: 'X-Api-Key: 1',
      });
      expect(headers).toMatchObject({
        status: 'Error',
        message: expect.stringContaining('Headers of the credential is not a JSON object'),
      });
    });
  });

  test('values of headers of your own are not given out again', async () => {
    const id = await api.addCredential({
      baseUrl: server.host,
      authentication: 'headers',
      headers: '{ "X-Api-Key": "secret-1" }',
    });
    const saved = await api.call<{ data: { headers: string } }>('GET', `/credentials/${id}?includeData=true`);
    expect(saved.data.headers).toContain('X-Api-Key');
    expect(JSON.stringify(saved)).not.toContain('secret-1');
  });

  test("a workflow runs with the credential of n8n's own Ollama nodes", async () => {
    const id = await api.addCredential({ baseUrl: server.host, apiKey: 'key-1' }, 'ollamaApi');
    server.chat({ text: ['Ray', 'leigh'] });
    const node = {
      ...ourNode(chatParameters({ authentication: 'ollamaApi' }), id),
      credentials: { ollamaApi: { id, name: 'Ollama' } },
    };
    const workflow = await api.addWorkflow(chain('Built-in', [startNode, node]));
    const { run, status } = await api.ended(await api.start(workflow));
    expect(status).toBe('success');
    expect(itemsOf(run, 'Ollama')[0]).toMatchObject({ text: 'Rayleigh' });
    expect(server.lastRequest.headers.authorization).toBe('Bearer key-1');
  });

  test('the model list is searched', async () => {
    const results = await api.call<{ results: { value: string }[] }>(
      'POST',
      '/dynamic-node-parameters/resource-locator-results',
      {
        nodeTypeAndVersion: { name: NODE_TYPE, version: 1 },
        path: 'parameters.model',
        methodName: 'searchTextModels',
        currentNodeParameters: chatParameters(),
        credentials: { [CREDENTIAL_TYPE]: { id: credentialId, name: 'Ollama' } },
        filter: 'think',
      },
    );
    expect(results.results.map(({ value }) => value)).toEqual(['thinking-model:latest']);
  });

  test('a workflow runs', async () => {
    server.chat({ text: ['Ray', 'leigh'] });
    const workflow = await api.addWorkflow(chain('Run', [startNode, ourNode(chatParameters(), credentialId)]));
    const { status, run } = await api.ended(await api.start(workflow));
    expect(status).toBe('success');
    expect(itemsOf(run)).toEqual([expect.objectContaining({ text: 'Rayleigh' })]);
  });

  test('stopping it closes the connection to Ollama, in the middle of an answer and before it', async () => {
    const workflow = await api.addWorkflow(chain('Stop', [startNode, ourNode(chatParameters(), credentialId)]));
    for (const text of [
      ['Hel', gate(), 'lo'],
      [gate(), 'Hello'],
    ]) {
      server.chat({ text });
      const arrived = server.nextRequest('/api/chat');
      const execution = await api.start(workflow);
      const request = await arrived;
      await text.find((step) => typeof step !== 'string')!.reached;
      const before = performance.now();
      await api.stop(execution);
      expect(await request.closed).toBe('aborted');
      expect(request.closedAt! - before).toBeLessThan(2_000);
      expect((await api.ended(execution)).status).toBe('canceled');
    }
  });

  test('a webhook answers with a chat', async () => {
    const nodes = [webhookNode('answered', 'lastNode'), ourNode(chatParameters(), credentialId)];
    await api.publish(await api.addWorkflow(chain('Webhook', nodes)));
    server.chat({ text: ['Ray', 'leigh'] });
    const response = await fetch(`${api.access.url}/webhook/answered`);
    expect(await response.json()).toMatchObject({ text: 'Rayleigh' });
  });

  test('a streaming webhook passes each piece on as it comes', async () => {
    const nodes = [webhookNode('streamed', 'streaming'), ourNode(chatParameters(), credentialId)];
    await api.publish(await api.addWorkflow(chain('Streaming webhook', nodes)));
    const stops = [gate(), gate()] as const;
    server.chat({ text: ['Ray', stops[0], 'lei', stops[1], 'gh'] });
    const response = await fetch(`${api.access.url}/webhook/streamed`);
    const pieces = piecesOf(response);
    // The next piece is only said once the one before has come out of n8n.
    expect((await pieces.next()).value).toBe('Ray');
    stops[0].release();
    expect((await pieces.next()).value).toBe('lei');
    stops[1].release();
    expect((await pieces.next()).value).toBe('gh');
    expect((await pieces.next()).done).toBe(true);
  });
});
