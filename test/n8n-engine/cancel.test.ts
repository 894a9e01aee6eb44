import { faults, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { chat, embed, generate, model } from './parameters.ts';

let engine: Engine;
let server: ScriptedServer;

beforeAll(async () => {
  [engine, server] = await Promise.all([Engine.start(), startScripted()]);
});
afterEach(() => server.reset());
afterAll(async () => {
  await server.close();
  await engine[Symbol.asyncDispose]();
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
    expect((await running).status).toBe('canceled');
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
    expect(error!.message).toBe(
      `The answer fell silent within 50 ms (Idle Timeout; POST /api/chat at ${server.host}).`,
    );
    expect(error!.description).toMatch(/Raise the option Idle Timeout/);
  });

  test('0 and an answer in time raise none', async () => {
    server.chat(faults.trickle(5));
    const { status, error } = await engine.run(setup(chat({ options: { firstByteMs: 0, idleMs: 20 } })));
    expect(error).toBeUndefined();
    expect(status).toBe('success');
  });
});
