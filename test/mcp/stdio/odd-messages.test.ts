import { once } from 'node:events';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { hello } from '../../fixtures/mcp/connect.ts';
import { type RawProcess, startRaw } from '../../fixtures/mcp/raw-process.ts';

/** The raw response to a message with this id. */
async function answerTo(raw: RawProcess, id: unknown): Promise<Record<string, unknown>> {
  for (;;) {
    const found = raw.messages.find((message) => message['id'] === id);
    if (found) return found;
    await once(raw.child.stdout, 'data');
  }
}

/** The next request from the server. */
async function messageOf(raw: RawProcess, method: string): Promise<Record<string, unknown>> {
  for (;;) {
    const found = raw.messages.find((message) => message['method'] === method);
    if (found) return found;
    await once(raw.child.stdout, 'data');
  }
}

const tools = { result: { tools: expect.any(Array) } };
const list = '"id":"q","method":"tools/list"';

test.each([
  ['params: null', `{"jsonrpc":"2.0",${list},"params":null}`, tools],
  ['_meta: null', `{"jsonrpc":"2.0",${list},"params":{"_meta":null}}`, tools],
  ['_meta that is a list', `{"jsonrpc":"2.0",${list},"params":{"_meta":[]}}`, tools],
  ['progressToken: null', `{"jsonrpc":"2.0",${list},"params":{"_meta":{"progressToken":null}}}`, tools],
  ['an odd task', `{"jsonrpc":"2.0",${list},"params":{"_meta":{"io.modelcontextprotocol/related-task":1}}}`, tools],
  ['no jsonrpc', `{${list}}`, tools],
  ['another jsonrpc', `{"jsonrpc":"1.0",${list}}`, tools],
  ['an extra key', `{"jsonrpc":"2.0",${list},"extra":1}`, tools],
  ['result: null beside a method', `{"jsonrpc":"2.0",${list},"result":null}`, tools],
  ['a batch', `[{"jsonrpc":"2.0",${list}},{"jsonrpc":"2.0","id":"r","method":"ping"}]`, tools],
  ['a byte order mark', `\ufeff{"jsonrpc":"2.0",${list}}`, { error: { code: -32700 } }],
  ['params that are a list', `{"jsonrpc":"2.0",${list},"params":[]}`, { error: { code: -32602 } }],
  ['no method', '{"jsonrpc":"2.0","id":"q"}', { error: { code: -32600 } }],
  ['a method that is not text', '{"jsonrpc":"2.0","id":"q","method":1}', { error: { code: -32600 } }],
  ['broken JSON with an id', '{"jsonrpc":"2.0","id":"q","method":"tools/list",', { error: { code: -32700 } }],
  ['an unknown method', '{"jsonrpc":"2.0","id":"q","method":"nothing"}', { error: { code: -32601 } }],
  [
    'arguments: null',
    '{"id":"q","method":"tools/call","params":{"name":"ollama_status","arguments":null}}',
    { result: {} },
  ],
  ['a name that is an object', '{"id":"q","method":"tools/call","params":{"name":{}}}', { error: { code: -32602 } }],
  ['no params of a call', '{"id":"q","method":"tools/call"}', { error: { code: -32602 } }],
  ['no params of a prompt', '{"id":"q","method":"prompts/get"}', { error: { code: -32602 } }],
  ['no params of a resource', '{"id":"q","method":"resources/read"}', { error: { code: -32002 } }],
  ['no params of a completion', '{"id":"q","method":"completion/complete"}', { result: {} }],
])('%s gets a response, and the server continues', async (_, line, expected) => {
  await using raw = await startRaw({ host: 'http://127.0.0.1:9' });
  raw.write(`${line}\n`);
  expect(await answerTo(raw, 'q')).toMatchObject(expected);
  expect(await raw.request('ping')).toMatchObject({ result: {} });
  expect(raw.stderr()).toBe('');
});

test('a call with a task field is answered like any other', async () => {
  await using server = await startScripted();
  await using raw = await startRaw(server);
  raw.write('{"id":"q","method":"tools/call","params":{"name":"ollama_status","task":{"ttl":1000}}}\n');
  expect(await answerTo(raw, 'q')).toMatchObject({ result: { structuredContent: { reachable: true } } });
});

test('arguments of a prompt may be a single text, or numbers', async () => {
  await using raw = await startRaw({});
  const args = JSON.stringify({ model_a: 1, model_b: 'b', question: true });
  for (const given of [args, JSON.stringify(args)]) {
    raw.messages.length = 0;
    raw.write(`{"id":"q","method":"prompts/get","params":{"name":"compare_models","arguments":${given}}}\n`);
    expect(await answerTo(raw, 'q')).toMatchObject({ result: { messages: [expect.anything()] } });
  }
});

test.each(['"result":null', '"result":"accept"', '"result":true', '"error":"no"', '"result":null,"error":null'])(
  'a question with the response {%s} counts as not answered, and the call does not wait',
  async (answer) => {
    await using server = await startScripted();
    await using raw = await startRaw({ host: server.host, args: ['--toolsets', 'manage'] });
    raw.write('{"id":"i","method":"initialize","params":{"capabilities":{"elicitation":{}}}}\n');
    await answerTo(raw, 'i');
    raw.write(
      '{"id":"q","method":"tools/call","params":{"name":"ollama_delete_model","arguments":{"model":"chat-model"}}}\n',
    );
    const question = await messageOf(raw, 'elicitation/create');
    raw.write(`{"jsonrpc":"2.0","id":${question['id']},${answer}}\n`);
    const refused = { isError: true, content: [{ text: expect.stringContaining('repeat the call with confirm') }] };
    expect(await answerTo(raw, 'q')).toMatchObject({ result: refused });
    // An error with the id of the question would look like a response to one of the client's own requests.
    expect(raw.messages.filter(({ error }) => error !== undefined)).toEqual([]);
  },
);

test('ids that are not ids get an error', async () => {
  await using raw = await startRaw({});
  raw.write('{"jsonrpc":"2.0","id":1.5,"method":"ping"}\n{"jsonrpc":"2.0","id":null,"method":"ping"}\n');
  expect(await answerTo(raw, 1.5)).toMatchObject({ error: { code: -32600 } });
  raw.write('{"jsonrpc":"2.0","id":1e30,"method":"ping"}\n');
  expect(await answerTo(raw, 1e30)).toMatchObject({ error: { code: -32600 } });
  expect(await raw.request('ping')).toMatchObject({ result: {} });
  expect(raw.stderr()).toContain('id should not be null');
});

test('an empty initialize, after a byte order mark', async () => {
  await using raw = await startRaw({ firstBytes: '\ufeff' });
  for (const params of [
    'null',
    '{}',
    '{"protocolVersion":null,"capabilities":null,"clientInfo":null}',
    '{"capabilities":{"elicitation":null,"roots":{"listChanged":null}}}',
  ]) {
    raw.messages.length = 0;
    raw.write(`{"jsonrpc":"2.0","id":"q","method":"initialize","params":${params}}\n`);
    expect(await answerTo(raw, 'q'), params).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
  }
});

test('cancelled with reason: null cancels', async () => {
  await using server = await startScripted();
  await using raw = await startRaw({ host: server.host });
  const stall = gate();
  server.chat(faults.stallBeforeHeaders(stall));
  void raw.request('tools/call', { name: 'ollama_chat', arguments: hello });
  await stall.reached;
  raw.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2,"reason":null}}\n');
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
  expect(raw.stderr()).toBe('');
});

const filler = 'x'.repeat(11 * 1024 * 1024);

test.each([
  ['at its head', `{"jsonrpc":"2.0","id":"q","method":"tools/call","params":{"name":"${filler}"}}`],
  ['at its end', `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"${filler}"},"id":"q"}`],
  [
    'and text that looks like one',
    `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"\\"id\\":\\"z\\",${filler}"},"id":"q"}`,
  ],
  ['and too many values', `{"jsonrpc":"2.0","id":"q","method":"ping","params":{"a":[${'1,'.repeat(300_000)}1]}}`],
  [
    'and too many levels',
    `{"jsonrpc":"2.0","id":"q","method":"ping","params":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
  ],
])('a message that is too large, with its id %s, gives an error, and the server continues', async (_, line) => {
  await using raw = await startRaw({});
  raw.write(`${line}\n`);
  expect(await answerTo(raw, 'q')).toMatchObject({
    error: { code: -32600, message: expect.stringMatching(/larger than 10 MB|more than|deeper/) },
  });
  expect(await raw.request('ping')).toMatchObject({ result: {} });
  expect(raw.stderr()).toBe('');
});
