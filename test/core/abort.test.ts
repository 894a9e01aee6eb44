import { once } from 'node:events';
import { createServer } from 'node:net';
import { OllamaAbortError } from '@ollama-toolbelt/core/neutral';
import { faults, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { calls, chunksOf, type OperationCall, streamingCalls } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';

/** Both forms of every operation, as calls that end when they are complete. */
const forms = [
  ...calls.map(({ name, whole, ...call }) => ({ ...call, name, run: whole })),
  ...streamingCalls.map(({ name, stream, ...call }) => ({
    ...call,
    name: `${name}Stream`,
    run: (...args: Parameters<OperationCall['whole']>) => chunksOf(stream(...args)),
  })),
];
const reason = new RangeError('changed my mind');
const route = ({ method, path }: { method: string; path: string }) =>
  `${method} ${path}` as Parameters<ScriptedServer['on']>[0];

describe.each(transports)('on $transport', ({ createOllama }) => {
  describe.each(forms)('$name', (form) => {
    const abortError = {
      name: 'OllamaAbortError',
      code: 'aborted',
      retryable: false,
      cause: reason,
      message: expect.stringContaining(`${form.method} ${form.path} at `),
      model: form.body ? expect.stringMatching(/-model$/) : undefined,
    };

    test('is not sent if the signal has aborted before', async () => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      const error = await failureOf(form.run(ollama, { signal: AbortSignal.abort(reason) }));
      expect(error).toBeInstanceOf(OllamaAbortError);
      expect(error).toMatchObject({ ...abortError, phase: 'queue' });
      expect(server.requests).toHaveLength(0);
    });

    test.each([
      ['before the headers', 'stallBeforeHeaders', 'firstByte'],
      ['before the body', 'stallAfterHeaders', 'body'],
      ['in the body', 'stallMidStream', 'body'],
    ] as const)('ends %s', async (_, stall, phase) => {
      await using server = await startScripted();
      let onResponse = () => {};
      const answered = new Promise<void>((resolve) => {
        onResponse = resolve;
      });
      await using ollama = createOllama({ host: server.host, onResponse });
      const stop = gate();
      const controller = new AbortController();
      server.on(route(form), faults[stall](stop));
      const failure = failureOf(form.run(ollama, { signal: controller.signal }));
      await stop.reached;
      if (phase === 'body') await answered;
      controller.abort(reason);
      expect(await failure).toMatchObject({ ...abortError, phase });
      expect(await server.lastRequest.closed).toBe('aborted');
    });
  });

  test.each(['stallBeforeHeaders', 'stallAfterHeaders', 'stallMidStream'] as const)(
    'the caller knows in the same turn, and the server while it is silent: %s',
    async (stall) => {
      await using server = await startScripted();
      await using ollama = createOllama({ host: server.host });
      const stop = gate();
      const controller = new AbortController();
      server.chat(faults[stall](stop));
      let failed = false;
      const failure = failureOf(ollama.chat({ model: 'm', messages: [] }, { signal: controller.signal })).finally(
        () => {
          failed = true;
        },
      );
      await stop.reached;
      controller.abort(reason);
      // No promise takes longer than this; a timer or a round trip would.
      await new Promise((resolve) => setImmediate(resolve));
      expect(failed).toBe(true);
      await failure;
      // The server is silent until this: nothing else ends it.
      expect(await server.lastRequest.closed).toBe('aborted');
    },
  );

  test('an abort in the middle keeps what had arrived', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const controller = new AbortController();
    server.chat(faults.stallMidStream());
    const stream = ollama.chatStream({ model: 'm', messages: [] }, { signal: controller.signal });
    await stream.next();
    await stream.next();
    controller.abort(reason);
    const error = await failureOf(chunksOf(stream));
    expect(error).toMatchObject({ code: 'aborted', phase: 'body', partial: { message: { content: 'Hello' } } });
    expect(await server.lastRequest.closed).toBe('aborted');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test.each([
    ['a string', 'enough'],
    ['nothing', undefined],
    ['null', null],
  ])('the reason may be anything: %s', async (_, cause) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    for (const stall of [faults.stallBeforeHeaders, faults.stallMidStream]) {
      const stop = gate();
      const controller = new AbortController();
      server.chat(stall(stop));
      const failure = failureOf(ollama.chat({ model: 'm', messages: [] }, { signal: controller.signal }));
      await stop.reached;
      controller.abort(cause);
      const error = await failure;
      expect(error).toMatchObject({ name: 'OllamaAbortError', code: 'aborted' });
      if (cause === undefined) expect(error.cause).toMatchObject({ name: 'AbortError' });
      else expect(error.cause).toBe(cause);
      expect(await server.lastRequest.closed).toBe('aborted');
    }
  });

  test('an abort while nobody reads closes the connection at once', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const controller = new AbortController();
    server.chat(faults.stallMidStream());
    const stream = ollama.chatStream({ model: 'm', messages: [] }, { signal: controller.signal });
    await stream.next();
    controller.abort(reason);
    expect(await server.lastRequest.closed).toBe('aborted');
    await failureOf(chunksOf(stream));
  });

  test('an abort while the client waits to retry', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: { minDelayMs: 60_000, maxDelayMs: 60_000 } });
    const controller = new AbortController();
    server.on('GET /api/tags', faults.serverBusy());
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    const failure = failureOf(ollama.list({ signal: controller.signal, timeouts: { totalMs: 0 } }));
    // The wait is the upper half of a minute.
    const waits = () => timers.mock.calls.filter(([, ms = 0]) => ms >= 30_000 && ms <= 60_000);
    await expect.poll(waits).toHaveLength(1);
    controller.abort(reason);
    expect(await failure).toMatchObject({ code: 'aborted', phase: 'retry', cause: reason });
    expect(server.requests).toHaveLength(1);
  });

  test('an abort while connecting', async () => {
    await using listener = await startSilent();
    await using ollama = createOllama({ host: `https://127.0.0.1:${listener.port}` });
    const controller = new AbortController();
    const failure = failureOf(ollama.chat({ model: 'm', messages: [] }, { signal: controller.signal }));
    const closed = listener.nextClose();
    await listener.connected;
    controller.abort(reason);
    // The listener never responds, so nothing else ends the call.
    expect(await failure).toMatchObject({ name: 'OllamaAbortError', code: 'aborted', cause: reason });
    // The platform’s fetch keeps an abandoned connection for its 10 seconds; ours does not.
    if (createOllama === transports[0].createOllama) await closed;
  });

  test('an abort after the end has no effect, and no listener stays on the signal', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    const controller = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = controller.signal;
    controller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(controller.signal, args);
    };
    controller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(controller.signal, args);
    };
    for (const form of forms) if (form.name !== 'delete') await form.run(ollama, { signal: controller.signal });
    server.on('GET /api/tags', faults.serverError());
    await failureOf(ollama.list({ signal: controller.signal }));
    for await (const _ of ollama.chatStream({ model: 'chat-model', messages: [] }, { signal: controller.signal }))
      break;
    expect(listeners).toBe(0);
    controller.abort(reason);
    await server.allClosed();
    expect(server.requests.every(({ outcome }) => outcome === 'complete')).toBe(true);
  });

  test('an abort whose reason is a timeout still counts as cancelled by the caller', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.on('GET /api/tags', faults.stallBeforeHeaders());
    const error = await failureOf(ollama.list({ signal: AbortSignal.timeout(10) }));
    expect(error).toMatchObject({ code: 'aborted', cause: { name: 'TimeoutError' } });
  });
});

/** A server that accepts connections and never responds. */
async function startSilent() {
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.resume();
  });
  const connected = once(server, 'connection');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as import('node:net').AddressInfo).port,
    connected,
    nextClose: async () => {
      await connected;
      await Promise.all([...sockets].map((socket) => socket.closed || once(socket, 'close')));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
