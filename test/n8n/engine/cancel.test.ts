import { setTimeout as sleep } from 'node:timers/promises';
import { delay, faults, gate, raw } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { watchRejections } from '../../fixtures/core/rejections.ts';
import { nameOf, operations } from './every-parameter.ts';
import { holdTimeout } from './held-timeout.ts';
import { chat, model } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

/** An empty model list that arrives late. */
const replyAfter = (milliseconds: number) =>
  raw({
    headersFirst: false,
    headers: { 'Content-Type': 'application/json' },
    body: [delay(milliseconds), '{"models":[]}'],
  });

const setup = (parameters: INodeParameters) => ({ parameters, credential: { baseUrl: server.host } });

describe('stopping the workflow closes the connection', () => {
  test.each(operations.map((parameters) => [nameOf(parameters), parameters] as const))(
    'before the answer began: %s',
    async (_, parameters) => {
      const stall = gate();
      server.always.on('*', faults.stallBeforeHeaders(stall));
      const stop = new AbortController();
      const arrived = server.nextRequest();
      const running = engine.run(setup(parameters), stop.signal);
      const request = await arrived;
      await stall.reached;
      stop.abort();
      expect(await request.closed).toBe('aborted');
      expect((await running).status).toBe('canceled');
    },
  );

  test('in the middle of a response', async () => {
    const stall = gate();
    server.chat(faults.stallMidStream(stall));
    const stop = new AbortController();
    const running = engine.run(setup(chat()), stop.signal);
    await stall.reached;
    stop.abort();
    expect(await server.lastRequest.closed).toBe('aborted');
    expect((await running).status).toBe('canceled');
  });

  test('at the very moment the response begins, and n8n survives', async () => {
    using rejections = watchRejections();
    server.chat(faults.stallMidStream());
    const stop = new AbortController();
    // The response is there, and nobody reads it yet.
    const forget = engine.onAnswer(() => stop.abort());
    try {
      expect((await engine.run(setup(chat()), stop.signal)).status).toBe('canceled');
      expect(await server.lastRequest.closed).toBe('aborted');
    } finally {
      forget();
    }
    expect(await rejections.all()).toEqual([]);
  });

  test('and sends no other item, although the node continues on failure', async () => {
    const stall = gate();
    server.always.chat(faults.stallMidStream(stall));
    const stop = new AbortController();
    const running = engine.run(
      { ...setup(chat()), items: [{}, {}, {}], onError: 'continueRegularOutput' },
      stop.signal,
    );
    await stall.reached;
    stop.abort();
    const { status, outputs } = await running;
    expect(status).toBe('canceled');
    // No item reports a failure either: n8n continues with the input items.
    expect(outputs.flat().map(({ json }) => json)).toEqual([{}, {}, {}]);
    expect(server.requests).toHaveLength(1);
    expect(await server.lastRequest.closed).toBe('aborted');
  });
});

describe('a timeout closes the connection and names its option', () => {
  test('First Response Timeout', async () => {
    const stall = gate();
    server.chat(faults.stallBeforeHeaders(stall));
    const deadline = holdTimeout(50);
    const running = engine.run(setup(chat({ options: { firstByteMs: 0.05 } })));
    await stall.reached;
    deadline.end();
    const { status, error } = await running;
    expect(await server.lastRequest.closed).toBe('aborted');
    expect(status).toBe('error');
    expect(error!.message).toBe(
      `No answer began within 50 ms (First Response Timeout; POST /api/chat at ${server.host}).`,
    );
    expect(error!.description).toMatch(/Raise the option First Response Timeout/);
  });

  test.each([
    ['after the headers', () => faults.stallAfterHeaders()],
    ['in the middle', () => faults.stallMidStream()],
  ])('Idle Timeout, %s', async (_, stall) => {
    server.chat(stall());
    const { error } = await engine.run(setup(chat({ options: { idleMs: 0.05 } })));
    expect(await server.lastRequest.closed).toBe('aborted');
    expect(error!.message).toBe(`Ollama sent no data for 50 ms (Idle Timeout; POST /api/chat at ${server.host}).`);
    expect(error!.description).toMatch(/Raise the option Idle Timeout/);
  });

  test("n8n's own limit of 300 s does not apply", async () => {
    const defaults = engine.httpDefaults;
    const { timeout } = defaults;
    expect(timeout).toBe(300_000);
    defaults.timeout = 20;
    try {
      const late = () => replyAfter(60);
      server.on('GET /api/tags', late()).on('GET /api/tags', late());
      expect(await engine.testCredential({ baseUrl: server.host })).toMatchObject({ status: 'OK' });
      const { error } = await engine.run(setup(model('getAll')));
      expect(error).toBeUndefined();
    } finally {
      defaults.timeout = timeout;
    }
  });

  test('the wait before a retry need not be a whole number of milliseconds', async () => {
    // Each wait has a random part.
    server.chat(faults.serverBusy()).chat(faults.serverBusy());
    expect((await engine.run(setup(chat()))).error).toBeUndefined();
    expect(server.requestsTo('/api/chat')).toHaveLength(3);
  });

  test.each([3_000_000, 5_000_000])('%d seconds, more than a timer can hold, mean no timeout', async (seconds) => {
    const stall = gate();
    server.chat(faults.stallMidStream(stall));
    const running = engine.run(setup(chat({ options: { firstByteMs: seconds, idleMs: seconds } })));
    await stall.reached;
    // A sleep that ended at once would have done so before this timer.
    await sleep(20);
    stall.release();
    const { status, error } = await running;
    expect(error).toBeUndefined();
    expect(status).toBe('success');
  });

  test('0 and a timely response cause none', async () => {
    server.chat(faults.trickle(5));
    const { status, error } = await engine.run(setup(chat({ options: { firstByteMs: 0, idleMs: 20 } })));
    expect(error).toBeUndefined();
    expect(status).toBe('success');
  });
});
