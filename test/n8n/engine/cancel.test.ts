import { delay, faults, gate, raw } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { chat, embed, generate, model } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

/** An empty list of models, late. */
const replyAfter = (milliseconds: number) =>
  raw({
    headersFirst: false,
    headers: { 'Content-Type': 'application/json' },
    body: [delay(milliseconds), '{"models":[]}'],
  });

const setup = (parameters: INodeParameters) => ({ parameters, credential: { baseUrl: server.host } });

describe('stopping the workflow closes the connection', () => {
  test.each([
    ['chat', chat()],
    ['generate', generate()],
    ['embed', embed()],
    ['getAll', model('getAll')],
  ])('before the answer began: %s', async (_, parameters) => {
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
  });

  test('in the middle of the answer', async () => {
    const stall = gate();
    server.chat(faults.stallMidStream(stall));
    const stop = new AbortController();
    const running = engine.run(setup(chat()), stop.signal);
    await stall.reached;
    stop.abort();
    expect(await server.lastRequest.closed).toBe('aborted');
    expect((await running).status).toBe('canceled');
  });

  test('and sends no other item, though the node continues on failure', async () => {
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
    // Nor does an item say that it failed: n8n continues with those that came in.
    expect(outputs.flat().map(({ json }) => json)).toEqual([{}, {}, {}]);
    expect(server.requests).toHaveLength(1);
    expect(await server.lastRequest.closed).toBe('aborted');
  });
});

describe('a timeout closes the connection and names its option', () => {
  test('First Response Timeout', async () => {
    server.chat(faults.stallBeforeHeaders());
    const { status, error } = await engine.run(setup(chat({ options: { firstByteMs: 0.05 } })));
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
    expect(error!.message).toBe(`The answer fell silent for 50 ms (Idle Timeout; POST /api/chat at ${server.host}).`);
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
      await expect(engine.testCredential({ baseUrl: server.host })).rejects.toThrow(/aborted/);
      const { error } = await engine.run(setup(model('getAll')));
      expect(error).toBeUndefined();
    } finally {
      defaults.timeout = timeout;
    }
  });

  test('0 and an answer in time raise none', async () => {
    server.chat(faults.trickle(5));
    const { status, error } = await engine.run(setup(chat({ options: { firstByteMs: 0, idleMs: 20 } })));
    expect(error).toBeUndefined();
    expect(status).toBe('success');
  });
});
