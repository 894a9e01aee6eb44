import { setImmediate } from 'node:timers/promises';
import { faults, gate, raw, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { chunksOf, streamingCalls } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { holdTime } from '../fixtures/core/held-time.ts';

const question = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hi' }] };

/**
 * How many connections the requests used; undici frees one a moment after a response is complete, so a quick successor
 * opens a second.
 */
const connectionsOf = (server: ScriptedServer) => new Set(server.requests.map(({ connection }) => connection)).size;

const lastLine = { model: 'm', created_at: '', response: '', message: { role: 'assistant', content: '' }, done: true };

/** A response of any kind whose body ends some turns after its last line. */
const endsLater = raw(() => {
  const end = gate();
  void end.reached.then(async () => {
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    end.release();
  });
  return { body: [`${JSON.stringify({ ...lastLine, status: 'success' })}\n`, end] };
});

describe.each(transports)('on $transport', ({ createOllama }) => {
  describe.each(streamingCalls)('$name: the server sees it when the reader leaves', ({ stream: open }) => {
    test('by a break', async () => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      server.on('*', faults.stallMidStream());
      for await (const _ of open(ollama)) break;
      expect(await server.lastRequest.closed).toBe('aborted');
    });

    test('by an error in the loop', async () => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      server.on('*', faults.stallMidStream());
      const loop = (async () => {
        for await (const _ of open(ollama)) throw new RangeError('mine');
      })();
      await expect(loop).rejects.toThrow(RangeError);
      expect(await server.lastRequest.closed).toBe('aborted');
    });

    test('by await using', async () => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      server.on('*', faults.stallMidStream());
      {
        await using stream = open(ollama);
        await stream.next();
      }
      expect(await server.lastRequest.closed).toBe('aborted');
    });

    test.each(['stallBeforeHeaders', 'stallAfterHeaders', 'stallMidStream'] as const)(
      'while a chunk is waited for: %s',
      async (stall) => {
        await using server = await startScripted();
        await using ollama = createOllama({ host: server.host });
        const stop = gate();
        server.on('*', faults[stall](stop));
        const stream = open(ollama);
        const read = chunksOf(stream);
        await stop.reached;
        await stream.return();
        expect(await server.lastRequest.closed).toBe('aborted');
        expect((await read).length).toBeLessThanOrEqual(2);
        expect(await stream.next()).toEqual({ done: true, value: undefined });
      },
    );
  });

  test('leaving during the wait for the headers on a pooled connection sends no second request', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: { minDelayMs: 1 } });
    await ollama.version();
    await setImmediate();
    const pass = holdTime();
    const stop = gate();
    server.always.chat(faults.stallBeforeHeaders(stop));
    const stream = ollama.chatStream(question);
    const read = chunksOf(stream);
    await stop.reached;
    await stream.return();
    expect(await read).toEqual([]);
    // A retry after 1 ms would be sent before the next call.
    pass(20);
    await ollama.version();
    expect(server.requestsTo('/api/chat')).toHaveLength(1);
    expect(connectionsOf(server)).toBe(2);
  });

  test('leaving a stream that began after a retry closes it', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: { minDelayMs: 1 } });
    server.chat(faults.serverBusy()).chat(faults.stallMidStream());
    for await (const _ of ollama.chatStream(question)) break;
    expect(await server.lastRequest.closed).toBe('aborted');
    expect(server.requests).toHaveLength(2);
  });

  test('leaving a stream that was never begun sends no request', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    {
      await using stream = ollama.chatStream(question);
      expect(stream[Symbol.asyncIterator]()).toBe(stream);
    }
    const stream = ollama.chatStream(question);
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(server.requests).toHaveLength(0);
  });

  test('a connection is reused after a stream that was read to its end', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    // The client waits only a moment for the end.
    holdTime();
    server.always.on('*', endsLater);
    for (const { stream, whole } of streamingCalls) {
      await chunksOf(stream(ollama));
      await whole(ollama);
    }
    expect(connectionsOf(server)).toBeLessThanOrEqual(2);
    expect(new Set(server.requests.map(({ outcome }) => outcome))).toEqual(new Set(['complete']));
  });

  test('a connection is reused if the loop ends at the last chunk', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    holdTime();
    server.always.chat(endsLater);
    for (let round = 0; round < 10; round++) {
      for await (const chunk of ollama.chatStream(question)) if (chunk.done) break;
    }
    expect(connectionsOf(server)).toBeLessThanOrEqual(2);
    expect(new Set(server.requests.map(({ outcome }) => outcome))).toEqual(new Set(['complete']));
  });

  test('a connection that does not end after the last line is closed soon', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const stop = gate();
    const line = { model: 'm', created_at: '', message: { role: 'assistant', content: 'Hi' }, done: true };
    server.chat({ lines: [line, stop] });
    // The server keeps the response open until this, and the client sets no deadline for it.
    expect(await ollama.chat(question, { timeouts: { idleMs: 0 } })).toMatchObject({ message: { content: 'Hi' } });
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('a connection is reused after an error with a body', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    await ollama.version();
    for (const fault of [faults.serverError(), faults.htmlBadGateway(), faults.emptyForbidden(), faults.errorInOk()]) {
      server.on('POST /api/chat', fault);
      await expect(ollama.chat(question)).rejects.toThrow();
    }
    await ollama.version();
    expect(connectionsOf(server)).toBeLessThanOrEqual(2);
  });
});

test('close ends the pooled connections', async () => {
  await using server = await startScripted();
  const ollama = transports[0].createOllama({ host: server.host });
  await ollama.version();
  const [socket] = server.sockets;
  const closed = new Promise((resolve) => socket?.once('close', resolve));
  await ollama.close();
  await closed;
  expect(server.openSockets).toBe(0);
  await ollama.close();
});
