import { fileURLToPath } from 'node:url';
import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { type RunningExample, startCommand } from '../fixtures/examples/run-example.ts';

const program = fileURLToPath(new URL('../fixtures/examples/route-server.ts', import.meta.url));

/** web-route/route.ts in a process of its own. */
async function startRoute(server: ScriptedServer): Promise<RunningExample & { url: string }> {
  const env = { OLLAMA_MODEL: 'chat-model' };
  const running = startCommand(process.execPath, [program], { host: server.host, env });
  await running.until('.');
  return { ...running, url: `http://127.0.0.1:${/port (\d+)/.exec(running.stdout())?.[1]}/api/chat` };
}

const ask = (url: string, body: unknown, signal: AbortSignal | null = null) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), signal });

const question = { messages: [{ role: 'user', content: 'Hello!' }] };

test('web-route: streams the text as it comes', async () => {
  await using server = await startScripted();
  await using route = await startRoute(server);
  const stop = gate();
  server.chat({ text: ['Hel', stop, 'lo'] });
  const response = await ask(route.url, question);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const pieces: string[] = [];
  for await (const bytes of response.body!) {
    pieces.push(Buffer.from(bytes).toString());
    stop.release();
  }
  expect(pieces.filter(Boolean)).toEqual(['Hel', 'lo']);
  expect(server.lastRequest.body).toMatchObject({ model: 'chat-model', ...question });
});

test('web-route: a reader who leaves stops the model', async () => {
  await using server = await startScripted();
  await using route = await startRoute(server);
  const stop = gate();
  server.chat({ text: ['Hel', stop, 'lo'] });
  const leave = new AbortController();
  const response = await ask(route.url, question, leave.signal);
  await stop.reached;
  leave.abort();
  expect(await server.lastRequest.closed).toBe('aborted');
  await expect(response.text()).rejects.toThrow();
});

test('web-route: a reader who leaves before the first word stops the model', async () => {
  await using server = await startScripted();
  await using route = await startRoute(server);
  const stop = gate();
  server.chat({ text: [stop, 'lo'] });
  const leave = new AbortController();
  const response = ask(route.url, question, leave.signal);
  await stop.reached;
  leave.abort();
  await expect(response).rejects.toThrow();
  expect(await server.lastRequest.closed).toBe('aborted');
});

test('web-route: a bad request and a server that is off get a status of their own', async () => {
  await using server = await startScripted();
  await using route = await startRoute(server);
  for (const body of [{}, { messages: [] }, { messages: [{ role: 'king', content: '' }] }]) {
    const response = await ask(route.url, body);
    expect([response.status, await response.json()]).toEqual([400, { error: expect.stringContaining('messages') }]);
  }
  expect(server.requests).toEqual([]);
  await server.refuse();
  const response = await ask(route.url, question);
  expect([response.status, await response.json()]).toEqual([502, { error: 'The model cannot answer now.' }]);
  expect(route.stderr()).toContain('ollama serve');
});
