import { once } from 'node:events';
import { createHandler } from '@ollama-toolbelt/mcp-server/handler';
import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hello } from '../../fixtures/mcp/connect.ts';
import { startRaw } from '../../fixtures/mcp/raw-process.ts';
import { connectTaskHost, overStdio } from '../../fixtures/mcp/task-client.ts';
import { type HttpProcess, initialize, post, startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { answerIn, envelope, modernCall, modernPost } from '../../fixtures/mcp-http/modern-post.ts';

const extension = 'io.modelcontextprotocol/tasks';
const capabilities = { extensions: { [extension]: {} } };
const methods = [
  ['tasks/get', {}],
  ['tasks/update', { inputResponses: {} }],
  ['tasks/cancel', {}],
] as const;

const serve = ({ host }: ScriptedServer) => startHttp({ host, args: ['--http-sessions', '--budget-ms', '200'] });

/** Calls a tool as a client with or without tasks. */
const use = async (url: string, name: string, args: object, own: object = capabilities) =>
  (await modernCall(url, 'tools/call', { params: { name, arguments: args }, capabilities: own })).last.result;

const ask = async (url: string, method: string, params: Record<string, unknown>) =>
  (await modernCall(url, method, { params, capabilities })).last;

describe('a task', () => {
  test('has correct times, and is kept as long as it says', async () => {
    await using ollama = await startScripted();
    await using server = await serve(ollama);
    const [first, second] = [gate(), gate()];
    ollama.chat({ text: ['Half', first, ' and', second, ' whole'] });
    const before = new Date().toISOString();
    const created = await use(server.url, 'ollama_chat', hello);
    expect(Object.keys(created).sort()).toEqual([
      ...['_meta', 'createdAt', 'lastUpdatedAt', 'pollIntervalMs', 'resultType'],
      ...['status', 'statusMessage', 'taskId', 'ttlMs'],
    ]);
    expect(created).toMatchObject({ resultType: 'task', status: 'working', ttlMs: null, pollIntervalMs: 2000 });
    const { taskId, createdAt } = created;
    expect(createdAt >= before && createdAt <= new Date().toISOString()).toBe(true);

    const working = async () => (await ask(server.url, 'tasks/get', { taskId })).result;
    await first.reached;
    await expect.poll(working).toMatchObject({ statusMessage: 'chat-model: 1 token', createdAt, ttlMs: null });
    first.release();
    await expect.poll(working).toMatchObject({ statusMessage: 'chat-model: 2 tokens', createdAt });
    expect((await working()).lastUpdatedAt > createdAt).toBe(true);
    second.release();
    await expect.poll(working).toMatchObject({ status: 'completed' });
    const done = await working();
    expect(done).toMatchObject({
      resultType: 'complete',
      createdAt,
      result: { resultType: 'complete', structuredContent: { text: 'Half and whole' } },
    });
    expect(done).not.toHaveProperty('statusMessage');
    // 15 minutes after its end.
    expect(done.ttlMs - (Date.parse(done.lastUpdatedAt) - Date.parse(createdAt)) - 900_000).toBeGreaterThan(-1000);
    expect(done.ttlMs - (Date.parse(done.lastUpdatedAt) - Date.parse(createdAt)) - 900_000).toBeLessThan(1000);
    // It can be read again, and is a job with the same id.
    expect(await working()).toEqual(done);
    const read = await use(server.url, 'ollama_job', { job: taskId, action: 'read' });
    expect(read.structuredContent).toMatchObject({ state: 'done', text: 'Half and whole' });
  });

  test('accepts unexpected input and ignores it', async () => {
    await using ollama = await startScripted();
    await using server = await serve(ollama);
    ollama.chat({ text: ['Half', gate()] });
    const { taskId } = await use(server.url, 'ollama_chat', hello);
    const params = { taskId, inputResponses: { name: { action: 'accept', content: {} } } };
    const { result } = await ask(server.url, 'tasks/update', params);
    expect(Object.keys(result).sort()).toEqual(['_meta', 'resultType']);
    expect((await ask(server.url, 'tasks/get', { taskId })).result).toMatchObject({ status: 'working' });
    expect((await ask(server.url, 'tasks/update', { taskId })).error).toMatchObject({
      code: -32602,
      message: 'inputResponses is missing.',
    });
  });

  test('is not created for a call with its own time limit, or a client without the extension', async () => {
    await using ollama = await startScripted();
    await using server = await serve(ollama);
    ollama.always.chat(() => ({ text: ['Half', gate()] }));
    const continued = { resultType: 'complete', structuredContent: { partial: true, job: expect.any(String) } };
    for (const _wait_ms of [50, 60_000]) {
      expect(await use(server.url, 'ollama_chat', { ...hello, _wait_ms })).toMatchObject(continued);
    }
    for (const other of [{}, { extensions: {} }, { extensions: { 'io.modelcontextprotocol/ui': {} } }]) {
      expect(await use(server.url, 'ollama_chat', hello, other)).toMatchObject(continued);
    }
  });

  test('continues without a connection to its client', async () => {
    await using ollama = await startScripted();
    await using server = await serve(ollama);
    const stall = gate();
    ollama.chat({ text: ['Half', stall, ' whole'] });
    const { taskId } = await use(server.url, 'ollama_chat', hello);
    await stall.reached;
    stall.release();
    await expect(ollama.lastRequest.closed).resolves.toBe('complete');
    await expect.poll(async () => (await ask(server.url, 'tasks/get', { taskId })).result.status).toBe('completed');
  });

  test('is not created for a call that its client has cancelled', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: ['--http-sessions'] });
    const silence = gate();
    ollama.chat({ text: ['Half', silence] });
    const controller = new AbortController();
    const params = { name: 'ollama_chat', arguments: hello };
    const left = await modernPost(server.url, 'tools/call', { params, capabilities, signal: controller.signal });
    await silence.reached;
    controller.abort();
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
    await expect(left.text()).rejects.toThrow();
  });
});

describe('the methods', () => {
  let server: HttpProcess;
  let ollama: ScriptedServer;
  beforeAll(async () => {
    ollama = await startScripted();
    server = await serve(ollama);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await ollama[Symbol.asyncDispose]();
  });

  describe.each(methods)('%s', (method, more) => {
    test('from a client without the extension gives status 400', async () => {
      for (const own of [{}, { extensions: { [extension]: null } }]) {
        const params = { taskId: 'x', ...more };
        const { status, last } = await modernCall(server.url, method, { params, capabilities: own });
        // If it is not an object, the SDK rejects the envelope.
        const code = own.extensions === undefined ? -32021 : -32602;
        expect([status, last.error?.code]).toEqual([400, code]);
        if (code === -32021) expect(last.error?.data).toEqual({ requiredCapabilities: capabilities });
      }
    });

    test('with an unknown or missing id gives an error, which names no other ids', async () => {
      ollama.chat({ text: ['Half', gate()] });
      const { taskId } = await use(server.url, 'ollama_chat', hello);
      const { error } = await ask(server.url, method, { taskId: 'no-such-task', ...more });
      expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('There is no task no-such-task.') });
      expect(JSON.stringify(error)).not.toContain(taskId);
      const headers = { 'Mcp-Name': '7' };
      for (const params of [{ ...more }, { taskId: 7, ...more }]) {
        const answer = await modernCall(server.url, method, { params, capabilities, headers });
        expect(answer.last.error?.code).toBeLessThan(0);
      }
    });

    test('also requires the id in the header', async () => {
      ollama.chat({ text: ['Half', gate()] });
      const { taskId } = await use(server.url, 'ollama_chat', hello);
      for (const headers of [{ 'Mcp-Name': '' }, { 'Mcp-Name': 'other' }]) {
        const { status, last } = await modernCall(server.url, method, {
          params: { taskId, ...more },
          capabilities,
          headers,
        });
        expect([status, last.error?.code]).toEqual([400, -32020]);
      }
      expect((await ask(server.url, 'tasks/get', { taskId })).result.status).toBe('working');
    });

    test('does not exist for clients of older revisions', async () => {
      await using raw = await startRaw({ host: ollama.host, capabilities });
      expect(await raw.request(method, { taskId: 'x', ...more })).toMatchObject({ error: { code: -32601 } });
      const started = await post(server.url, initialize);
      const session = { 'Mcp-Session-Id': started.headers.get('mcp-session-id') ?? '' };
      expect((await answerIn(started)).last.result.capabilities).not.toHaveProperty('extensions');
      const message = { jsonrpc: '2.0', id: 5, method, params: { taskId: 'x', ...more } };
      const { last } = await answerIn(await post(server.url, message, { headers: session }));
      expect(last.error?.code).toBe(-32601);
    });
  });

  test.each(['tasks/list', 'tasks/result'])('%s is gone', async (method) => {
    const { status, last } = await modernCall(server.url, method, { params: { taskId: 'x' }, capabilities });
    expect([status, last.error?.code]).toEqual([404, -32601]);
  });

  test('a server with tasks declares the extension', async () => {
    const { last } = await modernCall(server.url, 'server/discover');
    expect(last.result.capabilities).toMatchObject(capabilities);
    expect(last.result.capabilities).not.toHaveProperty('tasks');
  });
});

describe('a subscription to tasks', () => {
  const listen = (url: string, taskIds: unknown, own: object = capabilities) =>
    modernCall(url, 'subscriptions/listen', { params: { notifications: { taskIds } }, capabilities: own });

  test('needs the extension, with status 400', async () => {
    await using ollama = await startScripted();
    await using server = await serve(ollama);
    const { status, last } = await listen(server.url, ['x'], {});
    expect([status, last.id, last.error]).toMatchObject([
      400,
      1,
      { code: -32021, data: { requiredCapabilities: capabilities } },
    ]);
  });

  test('confirms the known tasks, and ends if there are none', async () => {
    await using ollama = await startScripted();
    await using server = await serve(ollama);
    ollama.chat({ text: ['Half', gate()] });
    const { taskId } = await use(server.url, 'ollama_chat', hello);
    for (const unknown of [['no-such-task'], [], [7]]) {
      const { messages } = await listen(server.url, unknown);
      expect(messages).toMatchObject([
        { method: 'notifications/subscriptions/acknowledged', params: { notifications: {} } },
        { id: 1, result: { resultType: 'complete' } },
      ]);
    }
    const stream = await modernPost(server.url, 'subscriptions/listen', {
      params: { notifications: { taskIds: ['no-such-task', taskId] } },
      capabilities,
    });
    await ask(server.url, 'tasks/cancel', { taskId });
    const { messages } = await answerIn(stream);
    const _meta = { 'io.modelcontextprotocol/subscriptionId': 1 };
    expect(messages[0]).toMatchObject({ params: { notifications: { taskIds: [taskId] }, _meta } });
    expect(messages.at(-2)).toMatchObject({
      method: 'notifications/tasks',
      params: { taskId, status: 'cancelled', _meta },
    });
    expect(messages.at(-1)).toMatchObject({ id: 1, result: { _meta } });
  });

  test('may disconnect over both transports, and the server shuts down without waiting', async () => {
    await using ollama = await startScripted();
    await using server = await serve(ollama);
    ollama.always.chat(() => ({ text: ['Half', gate()] }));
    const { taskId } = await use(server.url, 'ollama_chat', hello);
    const params = { notifications: { taskIds: [taskId] } };
    const controller = new AbortController();
    const options = { params, capabilities, signal: controller.signal };
    const left = await modernPost(server.url, 'subscriptions/listen', options);
    await left.body?.getReader().read();
    controller.abort();
    const staying = await modernPost(server.url, 'subscriptions/listen', { params, capabilities });
    server.child.kill('SIGTERM');
    await once(server.child, 'exit');
    await staying.text().catch(() => {});

    await using host = await connectTaskHost(overStdio(ollama.host, ['--budget-ms', '200']));
    const created = await host.request('tools/call', { name: 'ollama_chat', arguments: hello });
    const own = (created['result'] as { taskId: string }).taskId;
    void host.request('subscriptions/listen', { notifications: { taskIds: [own] } });
    await expect.poll(() => host.notifications).toHaveLength(1);
    await host.notify('notifications/cancelled', { requestId: host.lastId });
    await host.request('tasks/cancel', { taskId: own });
    await host.request('tasks/get', { taskId: own });
    expect(host.notifications).toHaveLength(1);
    const undeclared = await host.request('subscriptions/listen', {
      notifications: { taskIds: [own] },
      _meta: envelope(),
    });
    expect(undeclared).toMatchObject({ error: { code: -32021 } });
  });
});

describe.each(['stateless', 'createHandler'])('what keeps nothing between requests, %s', (mode) => {
  test('has no tasks, and a long call returns the answer so far', async () => {
    await using ollama = await startScripted();
    await using server = await startHttp({ host: ollama.host, args: ['--budget-ms', '200'] });
    const handle = createHandler({ host: ollama.host, token: 'secret', budgetMs: 200, allow: ['models.example.com'] });
    const call = async (method: string, params: Record<string, unknown> = {}) => {
      if (mode === 'stateless') return modernCall(server.url, method, { params, capabilities });
      const own = globalThis.fetch;
      try {
        globalThis.fetch = (input, init) => {
          const request = new Request(input, init);
          request.headers.set('Authorization', 'Bearer secret');
          globalThis.fetch = own;
          return handle(request);
        };
        return await modernCall('https://models.example.com/mcp', method, { params, capabilities });
      } finally {
        globalThis.fetch = own;
      }
    };
    expect((await call('server/discover')).last.result.capabilities).not.toHaveProperty('extensions');
    for (const [method, more] of methods) {
      const { status, last } = await call(method, { taskId: 'x', ...more });
      expect([status, last.error?.code]).toEqual([404, -32601]);
    }
    ollama.chat({ text: ['Half', gate()] });
    const { result } = (await call('tools/call', { name: 'ollama_chat', arguments: hello })).last;
    expect(result).toMatchObject({ resultType: 'complete', structuredContent: { text: 'Half', partial: true } });
    expect(JSON.stringify(result.content)).toContain('this server keeps no jobs');
    await expect(ollama.lastRequest.closed).resolves.toBe('aborted');
  });
});
