import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { failWith, gate, replyJson, type ScriptedServer, startScripted } from '../src/index.ts';

const post = (server: ScriptedServer, path: string, body: unknown, signal?: AbortSignal) =>
  fetch(server.host + path, { method: 'POST', body: JSON.stringify(body), ...(signal && { signal }) });
const linesOf = async (response: Response): Promise<unknown[]> =>
  (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const question = { model: 'chat-model', messages: [{ role: 'user', content: 'Hi' }] };

test('streams a scripted chat, one line per piece', async () => {
  await using server = await startScripted();
  server.chat({
    thinking: ['Hm'],
    text: ['Hel', 'lo'],
    toolCalls: [{ name: 'get_weather', arguments: { city: 'Oslo' } }],
    doneReason: 'length',
    counts: { prompt: 7, answer: 3 },
  });
  const response = await post(server, '/api/chat', question);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  expect(await linesOf(response)).toMatchObject([
    { model: 'chat-model', message: { role: 'assistant', content: '', thinking: 'Hm' }, done: false },
    { message: { content: 'Hel' } },
    { message: { content: 'lo' } },
    { message: { tool_calls: [{ function: { index: 0, name: 'get_weather', arguments: { city: 'Oslo' } } }] } },
    { done: true, done_reason: 'length', prompt_eval_count: 7, eval_count: 3 },
  ]);
});

test('adds up the lines if the client does not stream', async () => {
  await using server = await startScripted();
  server.chat({ text: ['Hel', 'lo'] }).generate({ text: '<b>', context: [1] });
  const chat = await post(server, '/api/chat', { ...question, stream: false });
  expect(chat.headers.get('content-length')).not.toBeNull();
  expect(await chat.json()).toMatchObject({ message: { role: 'assistant', content: 'Hello' }, done: true });
  const generate = await post(server, '/api/generate', { model: 'chat-model', prompt: 'x', stream: false });
  const text = await generate.text();
  expect(text).toContain('\\u003cb\\u003e');
  expect(Object.keys(JSON.parse(text))).toEqual([
    'model',
    'created_at',
    'response',
    'done',
    'done_reason',
    'context',
    'total_duration',
    'load_duration',
    'prompt_eval_count',
    'prompt_eval_duration',
    'eval_count',
    'eval_duration',
  ]);
});

test('uses one-shot scripts in order, then the permanent one, then the default', async () => {
  await using server = await startScripted();
  const ask = async () => {
    const answer = (await (await post(server, '/api/chat', { ...question, stream: false })).json()) as {
      message: { content: string };
    };
    return answer.message.content;
  };
  server.chat({ text: 'first' }).chat({ text: 'second' });
  expect([await ask(), await ask(), await ask()]).toEqual(['first', 'second', 'Hello from the scripted engine.']);
  server.always.chat((request) => ({ text: String(request.body['model']) }));
  expect([await ask(), await ask()]).toEqual(['chat-model', 'chat-model']);
  expect(server.pendingScripts).toBe(0);
});

test('list, show and ps agree about the models', async () => {
  await using server = await startScripted();
  const tags = (await (await fetch(`${server.host}/api/tags`)).json()) as {
    models: { name: string; capabilities: string[] }[];
  };
  for (const { name, capabilities } of tags.models) {
    expect(await (await post(server, '/api/show', { model: name })).json()).toMatchObject({ capabilities });
  }
  await post(server, '/api/generate', { model: 'CHAT-MODEL' });
  expect(await (await fetch(`${server.host}/api/ps`)).json()).toMatchObject({
    models: [{ name: 'chat-model:latest' }],
  });
  const missing = await post(server, '/api/chat', { ...question, model: 'nope' });
  expect([missing.status, await missing.json()]).toEqual([404, { error: "model 'nope' not found" }]);
});

test('embeds by words, the same every time', async () => {
  await using server = await startScripted();
  const embed = async (input: string) => {
    const answer = (await (await post(server, '/api/embed', { model: 'embedding-model', input })).json()) as {
      embeddings: number[][];
    };
    return answer.embeddings[0]!;
  };
  const [one, again, other] = [await embed('a blue sky'), await embed('a blue sky'), await embed('sailing boats')];
  expect(one).toEqual(again);
  expect(one).not.toEqual(other);
  expect(Math.hypot(...one)).toBeCloseTo(1, 5);
  server.embed([[1, 0]]);
  expect(await embed('anything')).toEqual([1, 0]);
});

test('records requests and sees a client disconnect', async () => {
  await using server = await startScripted();
  const stop = gate();
  server.chat({ text: ['Hel', stop, 'lo'] });
  const controller = new AbortController();
  const response = await post(server, '/api/chat', question, controller.signal);
  await stop.reached;
  expect(server.lastRequest).toMatchObject({ method: 'POST', path: '/api/chat', body: question, outcome: 'open' });
  controller.abort();
  expect(await server.lastRequest.closed).toBe('aborted');
  await expect(response.text()).rejects.toThrow();
});

test('responds with errors and complete bodies on request', async () => {
  await using server = await startScripted();
  server
    .on('GET /api/tags', failWith(503, 'busy'))
    .on('*', replyJson({ fine: true }))
    .version({ version: '9.9.9' });
  expect((await fetch(`${server.host}/api/tags`)).status).toBe(503);
  expect(await (await fetch(`${server.host}/api/anything`)).json()).toEqual({ fine: true });
  expect(await (await fetch(`${server.host}/api/version`)).json()).toEqual({ version: '9.9.9' });
});

test('a program that does nothing else can close it while it refuses connections', async () => {
  const index = new URL('../src/index.ts', import.meta.url).href;
  const program = `
    const { startScripted } = await import('${index}');
    const server = await startScripted();
    await server.refuse();
    await server.close();
    console.log('closed');`;
  const args = ['--conditions=source', '--input-type=module', '--eval', program];
  expect(await promisify(execFile)(process.execPath, args)).toMatchObject({ stdout: 'closed\n' });
});

test('refuses connections and accepts them again on the same port', async () => {
  await using server = await startScripted();
  const { host } = server;
  await server.refuse();
  await expect(fetch(host)).rejects.toThrow();
  await server.accept();
  expect(await (await fetch(host)).text()).toBe('Ollama is running');
});
