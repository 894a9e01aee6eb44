import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { CallOptions, Ollama } from '@ollama-toolbelt/core/neutral';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterEach, describe, expect, test } from 'vitest';
import { calls, chunksOf, streamingCalls } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { holdTime } from '../fixtures/core/held-time.ts';

const question = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hi' }] };
const textOf = (read: IteratorResult<{ message: { content: string } }, unknown>) =>
  read.done === true ? undefined : read.value.message.content;
const timersNow = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe.each(transports)('on $transport', ({ transport, createOllama }) => {
  describe.concurrent.each(calls)('$name', ({ whole, stream, method, path }) => {
    const forms = stream ? [whole, (ollama: Ollama, call: CallOptions) => chunksOf(stream(ollama, call))] : [whole];

    test.each([
      ['firstByteMs', 'firstByte', 'stallBeforeHeaders', /^No answer began within 30 ms/],
      ['idleMs', 'idle', 'stallAfterHeaders', /^Ollama sent no data for 30 ms/],
      ['idleMs', 'idle', 'stallMidStream', /^Ollama sent no data for 30 ms/],
      ['totalMs', 'total', 'stallBeforeHeaders', /^The call did not finish within 30 ms/],
      ['totalMs', 'total', 'stallMidStream', /^The call did not finish within 30 ms/],
    ] as const)('%s ends the call: %s, %s', async (knob, phase, stall, words) => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      for (const form of forms) {
        server.on('*', faults[stall]());
        const error = await failureOf(form(ollama, { timeouts: { [knob]: 30 } }));
        expect(error).toMatchObject({ name: 'OllamaTimeoutError', code: 'timeout', phase, retryable: false });
        expect(error.message).toMatch(words);
        expect(error.message).toContain(`timeouts.${knob}; ${method} ${path} at ${server.host}`);
        expect(error.hint).toMatch(/\.$/);
      }
      await server.allClosed();
      expect(server.requests.map(({ outcome }) => outcome)).not.toContain('complete');
    });
  });

  test('the client’s deadlines apply, and those of the call override them', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, timeouts: { totalMs: 20, firstByteMs: 10_000 } });
    server.always.tags(faults.stallBeforeHeaders());
    expect(await failureOf(ollama.list())).toMatchObject({ phase: 'total' });
    expect(await failureOf(ollama.list({ timeouts: { firstByteMs: 20, totalMs: 0 } }))).toMatchObject({
      phase: 'firstByte',
    });
    expect(
      await failureOf(ollama.list({ timeouts: { firstByteMs: 20, totalMs: Number.POSITIVE_INFINITY } })),
    ).toMatchObject({
      phase: 'firstByte',
    });
  });

  test('the first byte ends its deadline', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    const pass = holdTime();
    const stop = gate();
    server.chat({ text: ['a', stop, 'b'] });
    const stream = ollama.chatStream(question, { timeouts: { firstByteMs: 1000, idleMs: 10_000 } });
    expect(textOf(await stream.next())).toBe('a');
    const next = stream.next();
    pass(9000);
    stop.release();
    expect(textOf(await next)).toBe('b');
  });

  test('each byte restarts the idle deadline', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    const pass = holdTime();
    const stops = [gate(), gate(), gate()] as const;
    server.chat({ text: [stops[0], 'a', stops[1], 'b', stops[2], 'c'] });
    const stream = ollama.chatStream(question, { timeouts: { idleMs: 1000 } });
    const texts: unknown[] = [];
    for (const stop of stops) {
      const next = stream.next();
      await stop.reached;
      pass(700);
      stop.release();
      texts.push(textOf(await next));
    }
    expect(texts).toEqual(['a', 'b', 'c']);
  });

  test('a slow reader does not trigger the idle deadline', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    const pass = holdTime();
    const stop = gate();
    server.chat({ text: ['a', stop, 'b'] });
    const texts: string[] = [];
    for await (const chunk of ollama.chatStream(question, { timeouts: { idleMs: 400 } })) {
      texts.push(chunk.message.content);
      pass(600);
      stop.release();
    }
    expect(texts).toEqual(['a', 'b', '']);
  });

  test('silence after a slow reader counts from when the reader waits', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    const pass = holdTime();
    server.chat(faults.stallMidStream());
    const stream = ollama.chatStream(question, { timeouts: { idleMs: 100 } });
    await stream.next();
    await stream.next();
    pass(150);
    let isOver = false;
    const failure = failureOf(chunksOf(stream)).finally(() => {
      isOver = true;
    });
    pass(99);
    await setImmediate();
    expect(isOver).toBe(false);
    pass(1);
    expect(await failure).toMatchObject({ phase: 'idle', partial: { message: { content: 'Hello' } } });
  });

  test('the total ends a call that is never silent', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.version();
    const pass = holdTime();
    const stops = [gate(), gate(), gate(), gate()] as const;
    server.chat({ text: [...stops.flatMap((stop) => ['x', stop]), gate()] });
    const stream = ollama.chatStream(question, { timeouts: { totalMs: 500, idleMs: 200 } });
    for (const stop of stops) {
      await stream.next();
      pass(150);
      stop.release();
    }
    const error = await failureOf(chunksOf(stream));
    expect(error).toMatchObject({ phase: 'total', partial: { message: { content: expect.stringMatching(/^x+$/) } } });
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('no timer is left after a call, however it ends', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    const timeouts = { connectMs: 10_000, firstByteMs: 10_000, idleMs: 10_000, totalMs: 10_000 };
    await ollama.chat(question);
    const before = timersNow();
    const controller = new AbortController();
    for (const { whole, stream } of streamingCalls) {
      await whole(ollama, { timeouts });
      for await (const _ of stream(ollama, { timeouts })) break;
      server.on('*', faults.errorLine()).on('*', faults.serverError()).on('*', faults.stallMidStream());
      await failureOf(whole(ollama, { timeouts }));
      await failureOf(whole(ollama, { timeouts }));
      await failureOf(whole(ollama, { timeouts: { ...timeouts, idleMs: 10 } }));
    }
    server.on('*', faults.stallBeforeHeaders());
    const aborted = failureOf(ollama.list({ timeouts, signal: controller.signal }));
    controller.abort();
    await aborted;
    // Only the timers of the pooled connections remain, at most one each and unreferenced.
    expect(timersNow()).toBeLessThanOrEqual(before + (transport === 'node' ? 0 : 1));
  });
});

describe('connect', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  /** A server that accepts a connection and never responds, so a TLS handshake does not end. */
  async function startSilent(): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket.on('error', () => {}).resume())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({
      async close() {
        for (const socket of sockets) socket.destroy();
        server.close();
        await once(server, 'close');
      },
    });
    return (server.address() as AddressInfo).port;
  }

  test('has its own deadline on Node', async () => {
    const host = `https://127.0.0.1:${await startSilent()}`;
    await using ollama = transports[0].createOllama({ host, timeouts: { connectMs: 50 }, retry: false });
    const error = await failureOf(ollama.chat(question));
    expect(error).toMatchObject({ name: 'OllamaTimeoutError', code: 'timeout', phase: 'connect', retryable: false });
    expect(error.message).toContain(`Could not connect within 50 ms (timeouts.connectMs; POST /api/chat at ${host})`);
    expect(error.hint).toBeTruthy();
  });

  test('does not count the wait for a response', async () => {
    await using server = await startScripted();
    await using other = transports[0].createOllama({ host: server.host });
    await other.version();
    const pass = holdTime();
    await using ollama = transports[0].createOllama({ host: server.host, timeouts: { connectMs: 20 } });
    const stop = gate();
    server.chat({ text: [stop, 'late'] });
    const answer = ollama.chat(question);
    await stop.reached;
    pass(60_000);
    stop.release();
    expect((await answer).message.content).toBe('late');
  });

  test('if connecting cannot be seen, the first byte and the total include it', async () => {
    const host = `https://127.0.0.1:${await startSilent()}`;
    await using ollama = transports[1].createOllama({
      host,
      timeouts: { connectMs: 10, firstByteMs: 60 },
      retry: false,
    });
    expect(await failureOf(ollama.chat(question))).toMatchObject({ code: 'timeout', phase: 'firstByte' });
    expect(await failureOf(ollama.version({ timeouts: { firstByteMs: 0, totalMs: 60 } }))).toMatchObject({
      phase: 'total',
    });
  });
});
