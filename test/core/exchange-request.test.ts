import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { OllamaError } from '../../packages/core/src/errors/errors.ts';
import { Cancel } from '../../packages/core/src/http/cancel.ts';
import type { Outgoing } from '../../packages/core/src/http/exchange.ts';
import { lightTransport } from '../../packages/core/src/platform.ts';
import {
  answer,
  Body,
  bytes,
  clientOf,
  failureOf,
  json,
  noDeadlines,
  reason,
  route,
  type Sent,
  start,
} from '../fixtures/core/exchange.ts';

describe('the request', () => {
  test('has what the route, the client and the call say', async () => {
    const { client, sent } = clientOf([() => answer(new Body())], { headers: { a: 'client' } });
    const call = { headers: { b: 'call' }, timeouts: { ...noDeadlines, connectMs: 7 } };
    const exchange = start(client, { path: '/api/other', headers: { c: 'route' } }, call);
    await exchange.open();
    exchange.end();
    expect(sent[0]?.request).toEqual({
      method: 'POST',
      url: 'http://127.0.0.1:11434/api/other',
      headers: { ...json, a: 'client', b: 'call', c: 'route' },
      connectMs: 7,
      body: '{}',
    });
    expect(exchange.facts).toMatchObject({ method: 'POST', path: '/api/other', model: 'm' });
  });

  test.each([undefined, new Uint8Array(3)])('has no type unless its body is text: %s', async (body) => {
    const { client, sent } = clientOf([() => answer(new Body())]);
    const exchange = start(client, { body });
    await exchange.open();
    exchange.end();
    const { request } = sent[0] as Sent;
    expect(request.headers).toEqual({});
    expect('body' in request).toBe(body !== undefined);
    expect(request.url).toBe('http://127.0.0.1:11434/api/chat');
  });

  test('gets a real AbortSignal unless its transport needs none', async () => {
    const { client, sent } = clientOf([() => answer(new Body())]);
    const real = start(client);
    await real.open();
    expect(sent[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(sent[0]?.signal).toBe(real.signal);
    real.end();
    const signals: unknown[] = [];
    const transport = lightTransport(async (_, signal) => {
      signals.push(signal);
      return answer(new Body());
    });
    const light = start(clientOf([], { transport }).client);
    await light.open();
    light.end();
    expect(signals).toEqual([expect.any(Cancel)]);
  });
});

describe('a response', () => {
  const open = async (status: number, outgoing: Partial<Outgoing> = {}, headers = json) => {
    const { client } = clientOf([() => answer(new Body([bytes('text')]), status, headers)], { retry: false });
    const exchange = start(client, outgoing);
    try {
      return (await exchange.open()).status;
    } catch (error) {
      return (error as { status?: unknown }).status === status ? (error as OllamaError).code : error;
    } finally {
      exchange.end();
    }
  };

  test.each([200, 201])('with status %i is a success', async (status) => {
    expect(await open(status)).toBe(status);
  });

  test.each([202, 204])('with status %i is not', async (status) => {
    expect(await open(status)).toBe('wrong_server');
  });

  test('without a body may have status 204', async () => {
    for (const status of [200, 201, 204])
      expect(await open(status, { route: { ...route, answer: 'empty' } })).toBe(status);
    expect(await open(202, { route: { ...route, answer: 'empty' } })).toBe('wrong_server');
  });

  test('may have only the statuses that the call accepts', async () => {
    expect(await open(404, { accept: [200, 404] })).toBe(404);
    expect(await open(201, { accept: [200, 404] })).toBe('wrong_server');
  });

  test.each(['text/html', 'TEXT/HTML; charset=utf-8'])('of type %s is a web page', async (type) => {
    expect(await open(200, {}, { 'content-type': type })).toBe('wrong_server');
  });

  test('needs no type', async () => {
    expect(await open(200, {}, {} as typeof json)).toBe(200);
  });
});

describe('the text of an error', () => {
  test('is read piece by piece', async () => {
    const text = bytes('{"error":"größer"}');
    const body = new Body([text.subarray(0, 13), text.subarray(13)]);
    const { client } = clientOf([() => answer(body, 400)]);
    expect(await failureOf(start(client).open())).toMatchObject({ message: expect.stringContaining('größer') });
  });

  test('is read up to 64 KiB', async () => {
    const body = new Body(Array.from({ length: 100 }, () => bytes('x'.repeat(1024))));
    const { client } = clientOf([() => answer(body, 400)]);
    await failureOf(start(client).open());
    expect(body.pulls).toBe(65);
  });

  test('that breaks off leaves the status', async () => {
    const { client } = clientOf([() => answer(new Body([bytes('{"error":"bo')], new Error('broken')), 400)]);
    expect(await failureOf(start(client).open())).toMatchObject({ status: 400, code: 'bad_request' });
  });

  test('is not awaited once the call is cancelled', async () => {
    const caller = new AbortController();
    const { client } = clientOf([() => answer(new Body([], 'waits'), 400)]);
    const failure = failureOf(start(client, {}, { signal: caller.signal }).open());
    await setImmediate();
    caller.abort(reason);
    expect(await failure).toMatchObject({ code: 'aborted', cause: reason, phase: 'body' });
  });
});
