import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../fixtures/free-port.ts';
import { installedN8n } from './installed-n8n.ts';
import { N8nApi } from './n8n-api.ts';
import { N8nHome } from './n8n-home.ts';
import { N8nProcess } from './n8n-process.ts';
import { missingServices, startPostgres, startRedis } from './queue-services.ts';
import { piecesOf } from './streamed-answer.ts';
import { chain, chatParameters, ourNode, startNode, webhookNode } from './workflow.ts';

const EXECUTIONS = 40;
const example = new URL('../../../examples/n8n-queue/', import.meta.url);

const missing = missingServices.length > 0 ? ` (needs ${missingServices.join(' and ')})` : '';

describe.skipIf(missing !== '')(`n8n's queue mode, one main and two workers${missing}`, () => {
  const stack = new AsyncDisposableStack();
  const workers: N8nProcess[] = [];
  let api: N8nApi;
  let server: ScriptedServer;
  let credentialId: string;

  beforeAll(async () => {
    const bin = await installedN8n();
    server = stack.use(await startScripted());
    const redis = stack.use(await startRedis());
    const postgres = stack.use(await startPostgres());
    const home = stack.use(await N8nHome.create(bin));
    const settings = parseEnv(await readFile(new URL('n8n.env', example), 'utf8')) as Record<string, string>;
    const composed = parse(await readFile(new URL('compose.yaml', example), 'utf8')).services;
    const environment = async () =>
      home.environment({
        // The file of the example, with the changes that one machine needs.
        ...settings,
        QUEUE_BULL_REDIS_HOST: '127.0.0.1',
        QUEUE_BULL_REDIS_PORT: String(redis.port),
        DB_POSTGRESDB_HOST: '127.0.0.1',
        DB_POSTGRESDB_PORT: String(postgres.port),
        DB_POSTGRESDB_PASSWORD: 'n8n',
        N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
        N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
        N8N_RUNNERS_BROKER_PORT: String(await freePort()),
      });
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const main = { ...(await environment()), N8N_PORT: port };
    stack.use(
      await N8nProcess.start(home, { command: ['start'], environment: main, readyUrl: `${url}/healthz/readiness` }),
    );
    // The main process creates the tables first.
    for (let count = 0; count < 2; count += 1) {
      const health = String(await freePort());
      const worker = await N8nProcess.start(home, {
        command: composed.worker.command.split(' '),
        environment: { ...(await environment()), QUEUE_HEALTH_CHECK_PORT: health },
        readyUrl: `http://127.0.0.1:${health}/healthz/readiness`,
      });
      workers.push(stack.use(worker));
    }
    api = await N8nApi.setUp(url);
    credentialId = await api.addCredential({ baseUrl: server.host });
  });
  afterEach(() => server.reset());
  afterAll(() => stack.disposeAsync());

  test(`${EXECUTIONS} executions, none lost, on both workers`, async () => {
    const messages = { values: [{ role: 'user', content: '={{ $json.query.question }}' }] };
    const nodes = [webhookNode('queued', 'lastNode'), ourNode(chatParameters({ messages }), credentialId)];
    await api.publish(await api.addWorkflow(chain('Queued', nodes)));
    const stop = gate();
    server.always.chat(({ body }) => ({ text: ['You asked: ', stop, JSON.stringify(body['messages'])] }));
    const questions = Array.from({ length: EXECUTIONS }, (_, index) => `question ${index}`);
    const answered = Promise.all(
      questions.map(async (question) => {
        const response = await fetch(`${api.access.url}/webhook/queued?question=${encodeURIComponent(question)}`);
        return (await response.json()) as { text: string };
      }),
    );
    // One worker takes fewer at a time than there are, so the other has to take some.
    await expect.poll(() => workers.map(({ log }) => /started execution/i.test(log))).toEqual([true, true]);
    stop.release();
    for (const [index, { text }] of (await answered).entries()) expect(text).toContain(`"question ${index}"`);
    expect(server.requestsTo('/api/chat')).toHaveLength(EXECUTIONS);
  });

  test('stopping an execution reaches the worker, which closes the connection to Ollama', async () => {
    const workflow = await api.addWorkflow(chain('Stop', [startNode, ourNode(chatParameters(), credentialId)]));
    const stop = gate();
    server.chat({ text: ['Hel', stop, 'lo'] });
    const arrived = server.nextRequest('/api/chat');
    const execution = await api.start(workflow);
    const request = await arrived;
    await stop.reached;
    await api.stop(execution);
    expect(await request.closed).toBe('aborted');
    expect((await api.ended(execution)).status).toBe('canceled');
  });

  test('a streaming webhook passes on each piece as the worker sends it', async () => {
    const nodes = [webhookNode('streamed', 'streaming'), ourNode(chatParameters(), credentialId)];
    await api.publish(await api.addWorkflow(chain('Streamed', nodes)));
    const stop = gate();
    server.chat({ text: ['Ray', stop, 'leigh'] });
    const pieces = piecesOf(await fetch(`${api.access.url}/webhook/streamed`));
    expect((await pieces.next()).value).toBe('Ray');
    stop.release();
    expect((await pieces.next()).value).toBe('leigh');
    expect((await pieces.next()).done).toBe(true);
  });
});
