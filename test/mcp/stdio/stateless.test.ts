import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createOllama } from '@ollama-toolbelt/core/node';
import { delay, gate, raw, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { createMcpServer, type McpServerOptions } from '../../../packages/mcp-server/src/server/mcp-server.ts';
import { sdkServers } from '../../../packages/mcp-server/src/server/sdk-server.ts';
import { OllamaServers } from '../../../packages/mcp-server/src/servers/ollama-servers.ts';
import { tools as allTools } from '../../../packages/mcp-server/src/tools/catalog/index.ts';
import { call, hello } from '../../fixtures/mcp/connect.ts';

/** A server that keeps nothing between calls, and its client. */
async function connectTo(server: ScriptedServer, options: Partial<McpServerOptions> = {}) {
  const ollama = createOllama({ host: server.host });
  const mcp = createMcpServer({ servers: new OllamaServers({ ollama }), mode: 'stateless', ...options });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await sdkServers(mcp)('legacy').connect(far);
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} }));
  await client.connect(near);
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await ollama.close();
    },
  };
}

test('nothing is offered that needs state', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { select: { toolsets: ['inference', 'models', 'manage', 'web'] } });
  const { tools } = await connection.client.listTools();
  const others = allTools.map(({ name }) => name).filter((name) => name !== 'ollama_job');
  expect(tools.map(({ name }) => name)).toEqual(others);
  for (const { name, inputSchema, outputSchema } of tools) {
    for (const field of ['conversation', 'reset', 'job', 'resource']) {
      expect(inputSchema.properties, name).not.toHaveProperty(field);
      expect(outputSchema?.properties, name).not.toHaveProperty(field);
    }
  }
  const { resourceTemplates } = await connection.client.listResourceTemplates();
  expect(resourceTemplates).toHaveLength(1);
  expect(connection.client.getInstructions()).not.toContain('job');
  const refused = await call(connection, 'ollama_chat', { ...hello, conversation: 'new' });
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('conversation: unknown') });
});

test('embeddings have no resource', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server);
  await connection.client.listTools();
  const { structured } = await call(connection, 'ollama_embed', { model: 'embedding-model', input: 'x' });
  expect(structured).toMatchObject({ count: 1, dimensions: 8 });
  expect(structured).not.toHaveProperty('resource');
});

test('over its time budget, a call with text ends with it, and says how to get more', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { budgetMs: 300 });
  await connection.client.listTools();
  server.chat({ text: ['Once upon', gate()] });
  const { structured, text, isError } = await call(connection, 'ollama_chat', hello);
  expect(isError).toBe(false);
  expect(structured).toMatchObject({ text: 'Once upon', partial: true, notices: [{ code: 'time_budget' }] });
  expect(structured).not.toHaveProperty('job');
  for (const words of ['The rest cannot be collected', 'num_predict', 'streams', '--budget-ms'])
    expect(text).toContain(words);
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
});

test('a call without text continues until it has some', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { budgetMs: 200 });
  // All of it at once, or the time might be over in the middle.
  const chunk = { model: 'chat-model', message: { role: 'assistant', content: 'late but whole' }, done: true };
  server.chat(raw({ body: [delay(500), `${JSON.stringify({ ...chunk, done_reason: 'stop' })}\n`] }));
  expect((await call(connection, 'ollama_chat', hello)).structured).toMatchObject({
    text: 'late but whole',
    done_reason: 'stop',
  });
  server.chat({ thinking: ['Hm', delay(500)], text: ['Yes', gate()] });
  const second = await call(connection, 'ollama_chat', { ...hello, model: 'thinking-model' });
  expect(second.structured).toMatchObject({ thinking: 'Hm', text: 'Yes', partial: true });
});

test('a call with several prompts may end if some have text', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { budgetMs: 300 });
  server.always.generate(({ body }) => ({ text: body['prompt'] === 'a' ? 'done' : ['half', gate()] }));
  const args = { model: 'chat-model', prompts: ['a', 'b', 'c'] };
  // On a slow machine the first calls may end with less.
  await expect
    .poll(async () => (await call(connection, 'ollama_generate', args)).structured)
    .toMatchObject({
      partial: true,
      answers: [{ text: 'done' }, { text: 'half', partial: true }, { text: 'half', partial: true }],
    });
  await server.allClosed();
});

test.each([
  ['ollama_pull_model', 'pull', { model: 'm' }],
  ['ollama_push_model', 'push', { model: 'me/m', confirm: 'me/m' }],
  ['ollama_create_model', 'create', { model: 'm', from: 'chat-model' }],
] as const)('%s runs on past its time', async (tool, route, args) => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { budgetMs: 100, select: { toolsets: ['manage'] } });
  server[route](['starting', delay(350), 'success']);
  const { structured } = await call(connection, tool, args);
  expect(structured).toMatchObject({ status: 'success' });
  expect(structured).not.toHaveProperty('partial');
});

test('loading and embedding also continue', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { budgetMs: 100, select: { toolsets: ['inference', 'manage'] } });
  server.generate({ text: [delay(350)], doneReason: 'load' });
  const loaded = await call(connection, 'ollama_load_model', { model: 'chat-model' });
  expect(loaded.structured).toEqual({ model: 'chat-model', loaded: true });
});

test('a guarded tool only accepts the name, even if the client can ask', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { select: { toolsets: ['manage'] } });
  const without = await call(connection, 'ollama_delete_model', { model: 'chat-model' });
  expect(without).toMatchObject({ isError: true, text: expect.stringContaining('confirm: "chat-model:latest"') });
  const { isError } = await call(connection, 'ollama_delete_model', { model: 'chat-model', confirm: 'chat-model' });
  expect(isError).toBe(false);
});

test('a call from a shell has no time budget, no size limit and no session', async () => {
  await using server = await startScripted();
  await using connection = await connectTo(server, { mode: 'call', budgetMs: 50 });
  const long = 'word '.repeat(60_000);
  server.chat({ text: [delay(300), long] });
  expect((await call(connection, 'ollama_chat', hello)).structured).toMatchObject({ text: long, done_reason: 'stop' });
  server.embed(Array.from({ length: 10 }, () => Array.from({ length: 1024 }, () => 0.25)));
  const { structured } = await call(connection, 'ollama_embed', {
    model: 'embedding-model',
    input: Array.from({ length: 10 }, (_, index) => `text ${index}`),
    include_vectors: true,
  });
  expect(structured?.['embeddings']).toHaveLength(10);
  expect(structured).not.toHaveProperty('resource');
  expect((await connection.client.listTools()).tools.map(({ name }) => name)).not.toContain('ollama_job');
});
