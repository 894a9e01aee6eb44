import { readFile } from 'node:fs/promises';
import { createOllama } from '@ollama-toolbelt/core/node';
import { gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { exampleConfig, hasNginx, startNginx } from '../fixtures/nginx.ts';

const skipped = hasNginx ? '' : ' (skipped: nginx not found)';

describe.skipIf(skipped)(`nginx-ollama/nginx.conf, two servers${skipped}`, () => {
  const hello = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hello!' }] };

  async function start() {
    const stack = new AsyncDisposableStack();
    const one = stack.use(await startScripted());
    const other = stack.use(await startScripted());
    const { url } = stack.use(await startNginx(await exampleConfig('nginx-ollama'), [one.host, other.host]));
    const ollama = createOllama({ host: url, retry: false });
    stack.defer(() => ollama.close());
    return { one, other, url, ollama, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  }

  const chats = (server: ScriptedServer) => server.requestsTo('/api/chat');

  test('each word is passed on as it comes, and the name of the host is one that Ollama knows', async () => {
    await using setup = await start();
    const stops = [gate(), gate()] as const;
    for (const server of [setup.one, setup.other]) server.chat({ text: ['one', stops[0], 'two', stops[1], 'three'] });
    const seen: string[] = [];
    for await (const { message } of setup.ollama.chatStream(hello)) {
      seen.push(message.content);
      stops[seen.length - 1]?.release();
    }
    expect(seen.filter(Boolean)).toEqual(['one', 'two', 'three']);
    const [request] = [...chats(setup.one), ...chats(setup.other)];
    expect(request!.headers['host']).toBe('localhost:11434');
  });

  test('the next call goes to the server with the fewest', async () => {
    await using setup = await start();
    const stop = gate();
    for (const server of [setup.one, setup.other]) server.always.chat({ text: ['one', stop] });
    const calls = Array.from({ length: 8 }, () => setup.ollama.chat(hello));
    const counts = () => [chats(setup.one).length, chats(setup.other).length];
    await expect.poll(counts).toEqual([4, 4]);
    stop.release();
    await Promise.all(calls);
  });

  test('a server that is off costs no call', async () => {
    await using setup = await start();
    await setup.one.refuse();
    await Promise.all(Array.from({ length: 20 }, () => setup.ollama.chat(hello)));
    expect(chats(setup.other)).toHaveLength(20);
  });

  test('a client that leaves ends the call on the server', async () => {
    await using setup = await start();
    const stop = gate();
    for (const server of [setup.one, setup.other]) server.chat({ text: ['one', stop, 'two'] });
    for await (const _ of setup.ollama.chatStream(hello)) break;
    const [request] = [...chats(setup.one), ...chats(setup.other)];
    expect(await request!.closed).toBe('aborted');
  });

  test('what changes one server is refused, and what only looks is not', async () => {
    await using setup = await start();
    const { ollama, one, other } = setup;
    const refused = [
      () => ollama.pull({ model: 'm' }),
      () => ollama.push({ model: 'm' }),
      () => ollama.create({ model: 'm', from: 'chat-model' }),
      () => ollama.copy({ source: 'chat-model', destination: 'm' }),
      () => ollama.delete({ model: 'chat-model' }),
      () => ollama.blobs.upload(new TextEncoder().encode('weights')),
    ];
    one.reset();
    other.reset();
    for (const call of refused) await expect(call()).rejects.toMatchObject({ code: 'forbidden' });
    expect([...one.requests, ...other.requests]).toEqual([]);
    expect((await ollama.list()).models).toHaveLength(3);
    expect((await ollama.show({ model: 'chat-model' })).capabilities).toContain('completion');
  });
});

test.skipIf(skipped)(`the lines for nginx in docs/guides/behind-a-proxy.md${skipped}`, async () => {
  await using server = await startScripted();
  const guide = await readFile(new URL('../../docs/guides/behind-a-proxy.md', import.meta.url), 'utf8');
  const [, lines = ''] = /```nginx\n([\s\S]*?)```/.exec(guide) ?? [];
  const location = lines.replace('127.0.0.1:11434', new URL(server.host).host);
  await using nginx = await startNginx(`server {\nlisten 80;\n${location}}`, []);
  const ollama = createOllama({ host: `${nginx.url}/ollama`, retry: false });
  const stop = gate();
  server.chat({ text: ['one', stop, 'two'] });
  const seen: string[] = [];
  // More than nginx takes by default.
  const messages = [{ role: 'user' as const, content: 'x'.repeat(2_000_000) }];
  for await (const { message } of ollama.chatStream({ model: 'chat-model', messages })) {
    seen.push(message.content);
    stop.release();
  }
  expect(seen.filter(Boolean)).toEqual(['one', 'two']);
  expect(server.lastRequest.headers['host']).toBe('localhost:11434');
  await ollama.close();
});
