/** Users of the server cannot set client options, so results must not name them. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createOllama, type NodeOptions } from '@ollama-toolbelt/core/node';
import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { createMcpServer } from '../../../packages/mcp-server/src/server/mcp-server.ts';
import { OllamaServers } from '../../../packages/mcp-server/src/servers/ollama-servers.ts';
import { hello } from '../../fixtures/mcp/connect.ts';

const clientOption = /timeouts\.|Ms\b|maxLineBytes|baseDir|truncate|createOllama/;

/** The lines of a failed tool call. */
async function failureOf(options: NodeOptions, tool = 'ollama_chat', args: object = hello) {
  await using ollama = createOllama({ ...options, retry: false });
  const mcp = createMcpServer({
    servers: new OllamaServers({ ollama }),
    mode: 'stateless',
    select: { toolsets: ['inference', 'models', 'manage'] },
  });
  const result = await (await mcp.calls()).call(tool, args, { signal: new AbortController().signal });
  expect(result.isError).toBe(true);
  const lines = result.content.flatMap((block) => ('text' in block ? block.text.split('\n') : []));
  expect(lines.join('\n')).not.toMatch(clientOption);
  return { lines, meta: result._meta?.['io.github.ollama-toolbelt/error'] };
}

test.each([
  [
    'firstByteMs',
    30,
    () => faults.stallBeforeHeaders(),
    /began no answer within 30 ms/,
    /load it first \(ollama_load_model\)/,
  ],
  ['idleMs', 200, () => faults.stallMidStream(), /sent no data for 200 ms/, /the Ollama server's log/],
  ['totalMs', 30, () => faults.stallMidStream(), /did not complete the answer within 30 ms/, /try again later/],
] as const)('%s', async (name, ms, reply, message, hint) => {
  await using server = await startScripted();
  server.chat(reply());
  const { lines, meta } = await failureOf({ host: server.host, timeouts: { [name]: ms } });
  expect(lines[0]).toContain(`Ollama at ${server.host} `);
  expect(lines[0]).toMatch(message);
  expect(lines[1]).toMatch(hint);
  expect(meta).toEqual({ code: 'timeout', retryable: false });
});

test('connectMs', async () => {
  // Accepts connections, but never answers the TLS handshake.
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {}).resume())).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const host = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { lines } = await failureOf({ host, timeouts: { connectMs: 50 } });
    expect(lines[0]).toBe(`Ollama at ${host} accepted no connection within 50 ms.`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

test('a line that is too long', async () => {
  await using server = await startScripted();
  server.chat({ text: ['x'.repeat(2000)] });
  const { lines, meta } = await failureOf({ host: server.host, maxLineBytes: 1000 });
  expect(lines[0]).toContain('longer than 1000 bytes');
  expect(meta).toMatchObject({ code: 'line_too_long' });
});

test('an answer that is not JSON, and one that was cut', async () => {
  await using server = await startScripted();
  server.chat({ text: ['no'] });
  const other = await failureOf({ host: server.host }, 'ollama_chat', { ...hello, format: 'json' });
  expect(other.lines[1]).toBe('Try a simpler schema or another model.');
  expect(other.meta).toEqual({ code: 'bad_output', retryable: false });
  server.generate({ text: ['{"a":'], doneReason: 'length' });
  const cut = await failureOf({ host: server.host }, 'ollama_generate', {
    model: 'chat-model',
    prompt: 'p',
    format: 'json',
  });
  expect(cut.lines[0]).toBe('The answer of chat-model reached its maximum length before its JSON was complete.');
});

test('the notice for a truncated prompt names the options of the tools', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  const mcp = createMcpServer({ servers: new OllamaServers({ ollama }), mode: 'stateless' });
  server.chat({ text: ['Hi'] });
  const args = { model: 'chat-model', messages: [{ role: 'user', content: 'x'.repeat(5000) }] };
  const { structuredContent } = await (await mcp.calls()).call('ollama_chat', args, {
    signal: new AbortController().signal,
  });
  const message = expect.stringMatching(
    /^The server truncated the prompt: of 5000 characters .*Raise options.num_ctx\.$/,
  );
  expect(structuredContent).toMatchObject({ notices: [{ code: 'prompt_cut', message }] });
});

test('status', async () => {
  await using server = await startScripted();
  server.always.on('GET /api/version', faults.serverError());
  const { lines } = await failureOf({ host: server.host }, 'ollama_status', {});
  expect(lines[0]).toContain('responds with an error');
});
