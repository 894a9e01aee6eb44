import { gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { hello } from '../../fixtures/mcp/connect.ts';
import { startHttp } from '../../fixtures/mcp-http/http-process.ts';
import { modernCall } from '../../fixtures/mcp-http/modern-post.ts';

const uuid = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/;

/** Calls a tool and returns its result. */
async function use(url: string, name: string, args: object = {}) {
  const { last } = await modernCall(url, 'tools/call', { params: { name, arguments: args } });
  return last.result;
}

test('with sessions, only a client that knows an id can use or see its entry', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp({ host: ollama.host, args: ['--http-sessions'] });
  const { url } = server;
  const silence = gate();
  ollama.chat({ text: ['Half', silence, ' and whole'] });
  const { job } = (await use(url, 'ollama_chat', { ...hello, _wait_ms: 1 })).structuredContent;
  await silence.reached;
  const { conversation } = (await use(url, 'ollama_chat', { ...hello, conversation: 'new' })).structuredContent;
  const { resource } = (await use(url, 'ollama_embed', { model: 'embedding-model', input: 'x' })).structuredContent;
  const embeddings = resource.split('/').at(-1);
  const ids = [job, conversation, embeddings];
  for (const id of ids) expect(id).toMatch(uuid);

  // Requests of a client that knows no ids.
  const complete = (uri: string) => ({ ref: { type: 'ref/resource', uri }, argument: { name: 'id', value: '' } });
  const output = JSON.stringify([
    await modernCall(url, 'resources/list'),
    await modernCall(url, 'resources/templates/list'),
    await modernCall(url, 'completion/complete', { params: complete('ollama://conversations/{id}') }),
    await modernCall(url, 'completion/complete', { params: complete('ollama://embeddings/{id}') }),
    await modernCall(url, 'resources/read', { params: { uri: 'ollama://conversations/x' } }),
    await modernCall(url, 'resources/read', { params: { uri: 'ollama://embeddings/x' } }),
    await use(url, 'ollama_job', { job: 'x', action: 'read' }),
    await use(url, 'ollama_chat', { ...hello, conversation: 'x' }),
    await use(url, 'ollama_status'),
  ]);
  expect(output).toContain('There is no job x.');
  expect(output).toContain('There is no conversation x');
  for (const id of ids) expect(output).not.toContain(id);
  expect(output).not.toMatch(uuid);

  // A client that knows the ids.
  const read = async (uri: string) =>
    (await modernCall(url, 'resources/read', { params: { uri } })).last.result.contents;
  expect(JSON.parse((await read(`ollama://conversations/${conversation}`))[0].text).messages).toHaveLength(2);
  expect(JSON.parse((await read(resource))[0].text)).toMatchObject({ model: 'embedding-model' });
  silence.release();
  const waited = await use(url, 'ollama_job', { job, action: 'wait' });
  expect(waited.structuredContent).toMatchObject({ state: 'done', text: 'Half and whole' });
});

test('without sessions there are no ids', async () => {
  await using ollama = await startScripted();
  await using server = await startHttp(ollama);
  const { last } = await modernCall(server.url, 'tools/list');
  expect(last.result.tools.map(({ name }: { name: string }) => name)).not.toContain('ollama_job');
  expect(await use(server.url, 'ollama_embed', { model: 'embedding-model', input: 'x' })).not.toHaveProperty(
    'structuredContent.resource',
  );
});
