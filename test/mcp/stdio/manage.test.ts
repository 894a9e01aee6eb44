import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { delay, failWith, faults, gate, replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { call, connect } from '../../fixtures/mcp/connect.ts';
import { isModern } from '../../fixtures/mcp/modern-client.ts';

const manage = ['--toolsets', 'manage'];

const guarded = [
  ['ollama_delete_model', { model: 'chat-model' }, 'chat-model:latest', 'DELETE /api/delete'],
  ['ollama_push_model', { model: 'me/m' }, 'me/m', 'POST /api/push'],
  [
    'ollama_copy_model',
    { source: 'chat-model', destination: 'thinking-model' },
    'thinking-model:latest',
    'POST /api/copy',
  ],
  ['ollama_create_model', { model: 'chat-model', from: 'thinking-model' }, 'chat-model:latest', 'POST /api/create'],
  ['ollama_pull_model', { model: 'chat-model' }, 'chat-model:latest', 'POST /api/pull'],
] as const;

const changes = (server: Awaited<ReturnType<typeof startScripted>>) =>
  server.requests.map(({ method, path }) => `${method} ${path}`).filter((route) => !/show|tags/.test(route));

describe.each(guarded)('%s', (tool, args, name, route) => {
  test('if the client cannot ask, confirm must repeat the name', async () => {
    await using server = await startScripted();
    await using connection = await connect({ host: server.host, args: manage });
    for (const [confirm, words] of [
      [{}, 'This needs confirmation'],
      [{ confirm: 'yes' }, 'confirm names another model'],
    ] as const) {
      const { isError, text } = await call(connection, tool, { ...args, ...confirm });
      expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
      expect(text.split('\n')[1]).toBe(`To do it, repeat the call with confirm: "${name}".`);
      // Programs that ask the person themselves get the parts.
      const { _meta } = await connection.client.callTool({ name: tool, arguments: { ...args, ...confirm } });
      expect(_meta).toMatchObject({
        'io.github.ollama-toolbelt/confirm': { question: expect.stringMatching(/\?/), confirm: name },
      });
    }
    expect(changes(server)).toEqual([]);
    server.push(['success']);
    server.pull(['success']);
    const { isError } = await call(connection, tool, { ...args, confirm: name });
    expect(isError).toBe(false);
    expect(changes(server)).toEqual([route]);
  });

  test.each([
    ['accept', true],
    ['decline', false],
    ['cancel', false],
  ] as const)('with a client that can ask, the person decides: %s', async (action, isDone) => {
    await using server = await startScripted();
    const asked: string[] = [];
    await using connection = await connect({ host: server.host, args: manage, capabilities: { elicitation: {} } });
    connection.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message);
      return { action, ...(action === 'accept' && { content: {} }) };
    });
    server.push(['success']);
    server.pull(['success']);
    // The argument of the call does not replace the person's answer.
    const { isError, text } = await call(connection, tool, { ...args, confirm: name });
    expect(asked).toEqual([expect.stringContaining(name)]);
    expect(isError).toBe(!isDone);
    expect(changes(server)).toEqual(isDone ? [route] : []);
    if (!isDone)
      expect(text).toMatch(
        /^The user (declined|closed the question .*), so nothing was changed: .*\n.*--confirm argument/,
      );
  });
});

/** From 2026-07-28 on, no call is open during a question, and a client that fails to ask does not repeat the call. */
const testWhileAsked = test.skipIf(isModern);

testWhileAsked('progress says that the person is being asked', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: manage, capabilities: { elicitation: {} } });
  let answer = () => {};
  const reported = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const seen: string[] = [];
  const onprogress = ({ message = '' }: Progress) => {
    seen.push(message);
    // On a slow machine, an earlier message may say that the call is waiting for Ollama.
    if (message.startsWith('waiting for the user')) answer();
  };
  connection.client.setRequestHandler(ElicitRequestSchema, async () => {
    await reported;
    return { action: 'accept', content: {} };
  });
  const { isError } = await call(connection, 'ollama_delete_model', { model: 'chat-model' }, { onprogress });
  expect(isError).toBe(false);
  expect(seen).toContainEqual(expect.stringMatching(/^waiting for the user to answer, \d+ s$/));
});

testWhileAsked('if the client fails to ask, nobody has agreed, and confirm is needed', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: manage, capabilities: { elicitation: {} } });
  connection.client.setRequestHandler(ElicitRequestSchema, () => {
    throw new Error('no window');
  });
  const { isError, text } = await call(connection, 'ollama_delete_model', { model: 'chat-model' });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('This needs confirmation') });
  expect(changes(server)).toEqual([]);
  const confirmed = await call(connection, 'ollama_delete_model', { model: 'chat-model', confirm: 'chat-model' });
  expect(confirmed).toMatchObject({ isError: false });
});

test('with --confirm argument nobody is asked, even if the client can ask', async () => {
  await using server = await startScripted();
  const args = [...manage, '--confirm', 'argument'];
  await using connection = await connect({ host: server.host, args, capabilities: { elicitation: {} } });
  connection.client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }));
  const refused = await call(connection, 'ollama_delete_model', { model: 'chat-model' });
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('This needs confirmation') });
  const done = await call(connection, 'ollama_delete_model', { model: 'chat-model', confirm: 'chat-model' });
  expect(done).toMatchObject({ isError: false });
});

test('a call that replaces nothing does not ask', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: manage });
  const copied = await call(connection, 'ollama_copy_model', { source: 'chat-model', destination: 'mine' });
  expect(copied).toMatchObject({ isError: false, structured: { copied: true } });
  const created = await call(connection, 'ollama_create_model', {
    model: 'other',
    from: 'mine',
    system: 'Be short.',
    parameters: { temperature: 0, mirostat: 1 },
  });
  expect(created).toMatchObject({ isError: false, structured: { model: 'other', status: 'success' } });
  expect(server.lastRequest.body).toEqual({
    model: 'other',
    from: 'mine',
    system: 'Be short.',
    parameters: { temperature: 0, mirostat: 1 },
    stream: true,
  });
  expect(server.models.map(({ name }) => name)).toContain('other:latest');
});

test('a missing model to delete is reported before anybody is asked', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: manage });
  const { isError, text } = await call(connection, 'ollama_delete_model', { model: 'chat-modle' });
  expect(isError).toBe(true);
  expect(text).toContain('Closest installed models: chat-model:latest');
});

test('pull reports the bytes of all layers, never fewer than before, at most four times a second', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: manage });
  await connection.client.listTools();
  const layer = (digest: string, completed: number, total: number) => [
    { status: `pulling ${digest}`, digest, total, completed },
    delay(20),
  ];
  // Each report lets the download continue, so there is another one.
  const stops = [gate(), gate()] as const;
  server.pull([
    'pulling manifest',
    ...Array.from({ length: 31 }, (_, step) => layer('sha256:a', step * 100, 3000)).flat(),
    stops[0],
    ...Array.from({ length: 11 }, (_, step) => layer('sha256:b', step * 50, 500)).flat(),
    stops[1],
    // A resumed layer counts from the start, but the reported sum must not shrink.
    ...layer('sha256:b', 100, 500),
    'verifying sha256 digest',
    'success',
  ]);
  const seen: Progress[] = [];
  const start = performance.now();
  const { structured, text } = await call(
    connection,
    'ollama_pull_model',
    { model: 'new-model' },
    {
      onprogress: (progress) => {
        seen.push(progress);
        // What comes before the layers has no total.
        stops[seen.filter(({ total }) => total !== undefined).length - 1]?.release();
      },
    },
  );
  expect(structured).toEqual({ model: 'new-model', status: 'success', completed: 3500, total: 3500 });
  expect(text).toBe('new-model: success, 3500 of 3500 bytes');
  expect(seen.length).toBeLessThanOrEqual((performance.now() - start) / 250 + 1);
  for (const [index, { progress, total = Number.POSITIVE_INFINITY }] of seen.entries()) {
    expect(progress).toBeGreaterThan(seen[index - 1]?.progress ?? -1);
    expect(progress).toBeLessThanOrEqual(total);
  }
  expect(seen.at(-1)?.message).toMatch(/^(pulling|verifying|success).*: \d+ %, .* of \d/);
});

test("an error of a transfer has the server's message", async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: manage });
  server.pull(['pulling manifest', failWith(500, 'pull model manifest: file does not exist')]);
  const { isError, text } = await call(connection, 'ollama_pull_model', { model: 'nope' });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('file does not exist') });
});

test.each([
  ['ollama_pull_model', { model: 'm' }, 'POST /api/pull'],
  ['ollama_push_model', { model: 'me/m', confirm: 'me/m' }, 'POST /api/push'],
  ['ollama_create_model', { model: 'm', from: 'chat-model' }, 'POST /api/create'],
  ['ollama_load_model', { model: 'chat-model' }, 'POST /api/generate'],
  ['ollama_unload_model', { model: 'chat-model' }, 'POST /api/generate'],
  ['ollama_copy_model', { source: 'chat-model', destination: 'm' }, 'POST /api/copy'],
  ['ollama_delete_model', { model: 'chat-model', confirm: 'chat-model' }, 'DELETE /api/delete'],
  ['ollama_web_search', { query: 'x' }, 'POST /api/experimental/web_search'],
  ['ollama_web_fetch', { url: 'https://example.com' }, 'POST /api/experimental/web_fetch'],
  ['ollama_rank', { model: 'embedding-model', query: 'x', candidates: ['y'] }, 'POST /api/embed'],
  ['ollama_list_models', {}, 'GET /api/tags'],
  ['ollama_show_model', { model: 'chat-model' }, 'POST /api/show'],
  ['ollama_status', {}, 'GET /api/version'],
] as const)('cancelling %s closes the connection to Ollama', async (tool, args, route) => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--toolsets', 'inference,models,manage,web'] });
  const stall = gate();
  server.on(route, faults.stallBeforeHeaders(stall));
  const controller = new AbortController();
  const answer = call(connection, tool, args, { signal: controller.signal });
  const failed = expect(answer).rejects.toThrow();
  await stall.reached;
  controller.abort('enough');
  await failed;
  const request = server.requests.find(({ method, path }) => `${method} ${path}` === route);
  // Ollama sends nothing, so only the cancellation can end the request.
  await expect(request?.closed).resolves.toBe('aborted');
});

test('load and unload', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: [...manage, '--model', 'chat-model'] });
  const loaded = await call(connection, 'ollama_load_model', { keep_alive: '1h', options: { num_ctx: 2048 } });
  expect(loaded).toMatchObject({ text: 'chat-model is loaded.', structured: { loaded: true } });
  expect(server.lastRequest.body).toMatchObject({ model: 'chat-model', keep_alive: '1h', options: { num_ctx: 2048 } });
  const unloaded = await call(connection, 'ollama_unload_model', { model: 'chat-model' });
  expect(unloaded).toMatchObject({ text: 'chat-model is unloaded.', structured: { unloaded: true } });
  expect(server.lastRequest.body).toMatchObject({ model: 'chat-model', keep_alive: 0 });
});

test('web search and fetch go through Ollama', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--toolsets', 'web'] });
  await connection.client.listTools();
  const found = await call(connection, 'ollama_web_search', { query: 'example', max_results: 3 });
  expect(found.structured).toEqual({
    results: [{ title: 'Example', url: 'https://example.com/', content: 'An example page.' }],
  });
  expect(found.text).toBe('Example\nhttps://example.com/\nAn example page.');
  expect(server.lastRequest.body).toEqual({ query: 'example', max_results: 3 });
  const page = await call(connection, 'ollama_web_fetch', { url: 'https://example.com/' });
  expect(page.structured).toMatchObject({ content: 'An example page.', links: ['https://example.com/more'] });
  expect(page.text).toContain('Links:\nhttps://example.com/more');
});

test('the rest of a long page is read from an offset', async () => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--toolsets', 'web'] });
  await connection.client.listTools();
  const content = Array.from({ length: 12_000 }, (_, index) => `${index} 模型🦙é, `).join('');
  server.always.on(
    'POST /api/experimental/web_fetch',
    replyJson({ title: 'A long page', content, links: ['https://example.com/more'] }),
  );
  let whole = '';
  let pages = 0;
  for (let offset: number | undefined = 0; offset !== undefined; pages++) {
    const args = { url: 'https://example.com/', ...(offset > 0 && { offset }) };
    const { structured, text } = await call(connection, 'ollama_web_fetch', args);
    const shown = String(structured?.['content']);
    expect(text).toContain(shown.trimEnd());
    expect(structured?.['offset']).toBe(args.offset);
    // Links come once.
    expect('links' in (structured ?? {})).toBe(offset === 0);
    const [mark = '', next] = /\n\[cut: (\d+) of \d+ characters\]$/.exec(shown) ?? [];
    whole += shown.slice(0, shown.length - mark.length);
    offset = next === undefined ? undefined : Number(next);
  }
  expect(whole === content).toBe(true);
  expect(pages).toBeGreaterThan(2);
});
