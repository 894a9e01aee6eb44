import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { faults, gate, replyJson, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { selfSigned } from '../../fixtures/core/self-signed.ts';
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

    const testResult = async (data: object) => {
      const { status, message } = await api.testCredential({ baseUrl: server.host, ...data });
      expect(status).toBe('Error');
      return message;
    };

    test('says what is wrong with the connection to the server', async () => {
      await using gone = await startScripted();
      await gone.refuse();
      expect(await testResult({ baseUrl: gone.host })).toMatch(/ECONNREFUSED.*host\.docker\.internal/s);
      expect(await testResult({ baseUrl: 'http://no-such-host.invalid' })).toMatch(/Check the host name in Base URL/);
      const secure = createServer(selfSigned).listen(0, '127.0.0.1');
      await once(secure, 'listening');
      const baseUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
      expect(await testResult({ baseUrl })).toMatch(/SELF_SIGNED.*CA Certificate/s);
      await new Promise((resolve) => secure.close(resolve));
      expect(await testResult({ baseUrl: 'ftp://127.0.0.1' })).toMatch(/scheme other than http.*Set Base URL/s);
    });

    test.each([
      ['a refused key', faults.unauthorized(), /^unauthorized.*Check Authentication in the credential/s],
      ['a web page', faults.htmlOk(), /a web page.*Something other than Ollama/s],
      ['another service', replyJson({ hello: 'I am something else' }, 200), /Something other than Ollama/],
      ['a missing route', faults.routeNotFound(), /Check Base URL in the credential/],
      ['a redirect', faults.redirect(308, 'http://elsewhere.test/api/tags'), /redirects to .*Set Base URL/s],
      ['a proxy without a server', faults.htmlBadGateway(), /502 Bad Gateway/],
    ])('says what is wrong with the answer: %s', async (_, reply, words) => {
      server.on('GET /api/tags', reply);
      expect(await testResult({ authentication: 'bearer', apiKey: 'key' })).toMatch(words);
    });

    test('says that the server did not respond in time', async () => {
      const silence = gate();
      server.on('GET /api/tags', faults.stallBeforeHeaders(silence));
      expect(await testResult({})).toMatch(/within 10000 ms/);
      silence.release();
    });

    test.each([
      ['X-Api-Key: 1', /^Headers of the credential must be a JSON object/],
      ['{ "X Api Key": "1" }', /^The credential's Headers has an invalid header name/],
      [String.raw`{ "X-Api-Key": "a\nb" }`, /^The header X-Api-Key of the credential has a character/],
    ])('says what is wrong with headers: %s', async (headers, words) => {
      expect(await testResult({ authentication: 'headers', headers })).toMatch(words);
      expect(server.requests).toHaveLength(0);
    });
  });

  test('values of custom headers are not returned again', async () => {
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

  test('stopping it closes the connection to Ollama, during a response and before it', async () => {
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
      await api.stop(execution);
      // Ollama sends nothing, so only the stop can end the request.
      expect(await request.closed).toBe('aborted');
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

  test('a streaming webhook passes on each piece as it arrives', async () => {
    const nodes = [webhookNode('streamed', 'streaming'), ourNode(chatParameters(), credentialId)];
    await api.publish(await api.addWorkflow(chain('Streaming webhook', nodes)));
    const stops = [gate(), gate()] as const;
    server.chat({ text: ['Ray', stops[0], 'lei', stops[1], 'gh'] });
    const response = await fetch(`${api.access.url}/webhook/streamed`);
    const pieces = piecesOf(response);
    // The next piece is sent only once the one before has come out of n8n.
    expect((await pieces.next()).value).toBe('Ray');
    stops[0].release();
    expect((await pieces.next()).value).toBe('lei');
    stops[1].release();
    expect((await pieces.next()).value).toBe('gh');
    expect((await pieces.next()).done).toBe(true);
  });
});
