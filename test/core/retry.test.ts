import { createOllama } from '@ollama-toolbelt/core/node';
import { failWith, faults, gate, raw } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { calls, chunksOf } from '../fixtures/core/calls.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { jumpingClient } from '../fixtures/core/jumping-clock.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted();

const embed = { model: 'embedding-model', input: 'x' };
const chat = { model: 'chat-model', messages: [{ role: 'user' as const, content: 'Hello!' }] };

describe('a failure that may be temporary is retried twice', () => {
  test.each([
    { name: '503 busy', reply: () => faults.serverBusy() },
    { name: '502', reply: () => faults.htmlBadGateway() },
    { name: '429', reply: () => failWith(429, 'too many requests') },
  ])('$name', async ({ reply }) => {
    fresh.server.on('*', reply()).on('*', reply());
    const { ollama, waits } = jumpingClient({ host: fresh.server.host });
    expect((await ollama.embed(embed)).embeddings).toHaveLength(1);
    expect(fresh.server.requests).toHaveLength(3);
    expect(new Set(fresh.server.requests.map(({ raw }) => raw.toString())).size).toBe(1);
    expectWithin(waits, [250, 500]);
  });

  test('then the error is final', async () => {
    for (let index = 0; index < 4; index += 1) fresh.server.on('*', faults.serverBusy());
    const { ollama } = jumpingClient({ host: fresh.server.host });
    expect(await failureOf(ollama.embed(embed))).toMatchObject({
      code: 'server_busy',
      retryable: true,
      status: 503,
    });
    expect(fresh.server.requests).toHaveLength(3);
  });

  test('a stream that has not begun', async () => {
    fresh.server.chat(faults.serverBusy());
    const { ollama, waits } = jumpingClient({ host: fresh.server.host });
    expect((await chunksOf(ollama.chatStream(chat))).at(-1)).toMatchObject({ done: true });
    expectWithin(waits, [250]);
  });

  test('all pooled connections that broke at once, even if others are opened in the meantime', async () => {
    await using ollama = createOllama({ host: fresh.server.host, retry: { minDelayMs: 1 } });
    const askTen = () => Promise.all(Array.from({ length: 10 }, () => ollama.version()));
    const opened = gate();
    fresh.server.always.on('GET /api/version', raw({ body: [opened, '{"version":"1"}'] }));
    const first = askTen();
    await expect.poll(() => fresh.server.requests.length).toBe(10);
    opened.release();
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    const breaks = Array.from({ length: 10 }, () => gate());
    for (const end of breaks) {
      fresh.server.on('GET /api/version', raw({ body: [end], headersFirst: false, ending: 'reset' }));
    }
    const second = askTen();
    // With a delay instead of this, a slow machine would break the first before the last has arrived.
    await Promise.all(breaks.map(({ reached }) => reached));
    for (const [index, end] of breaks.entries()) {
      end.release();
      await expect.poll(() => fresh.server.requests.length).toBe(21 + index);
    }
    expect(await second).toHaveLength(10);
    expect(fresh.server.requests).toHaveLength(30);
  });

  test('a pooled connection that the server has closed in the meantime, but not a new one', async () => {
    await using ollama = createOllama({ host: fresh.server.host, retry: { minDelayMs: 1 } });
    fresh.server.on('*', faults.resetBeforeHeaders());
    expect(await failureOf(ollama.embed(embed))).toMatchObject({ code: 'reset', retryable: false });
    await ollama.version();
    // A connection is free again in the turn after its response.
    await new Promise((resolve) => setImmediate(resolve));
    fresh.server.on('*', faults.resetBeforeHeaders());
    expect((await ollama.embed(embed)).embeddings).toHaveLength(1);
    expect(fresh.server.requestsTo('/api/embed')).toHaveLength(3);
  });
});

describe('the wait', () => {
  const busy = (count: number) => {
    for (let index = 0; index < count; index += 1) fresh.server.on('*', faults.serverBusy());
  };

  test('doubles up to its limit, with jitter', async () => {
    busy(9);
    const retry = { attempts: 5, minDelayMs: 100, maxDelayMs: 300 };
    const { ollama, waits } = jumpingClient({ host: fresh.server.host, retry });
    await failureOf(ollama.embed(embed));
    expectWithin(waits, [100, 200, 300, 300, 300]);
    expect(new Set(waits).size).toBeGreaterThan(3);
  });

  test('of a call overrides that of the client', async () => {
    busy(9);
    const { ollama, waits } = jumpingClient({ host: fresh.server.host, retry: { attempts: 5 } });
    await failureOf(ollama.embed(embed, { retry: { attempts: 1, minDelayMs: 40 } }));
    expectWithin(waits, [40]);
    await failureOf(ollama.embed(embed, { retry: false }));
    expect(waits).toHaveLength(1);
  });

  test('is what the server asks for, in seconds', async () => {
    fresh.server.on('*', faults.rateLimited('7')).on('*', faults.rateLimited('1.5'));
    const { ollama, waits } = jumpingClient({ host: fresh.server.host });
    await ollama.embed(embed);
    expect(waits).toEqual([7000, 1500]);
  });

  test('is what the server asks for, as a date', async () => {
    fresh.server.on('*', faults.rateLimited(new Date(Date.now() + 30_000).toUTCString()));
    fresh.server.on('*', faults.rateLimited(new Date(0).toUTCString()));
    const { ollama, waits } = jumpingClient({ host: fresh.server.host });
    await ollama.embed(embed);
    // A date in a header has no milliseconds, and some time has passed.
    expect(waits[0]).toBeGreaterThan(20_000);
    expect(waits[0]).toBeLessThanOrEqual(30_000);
    expect(waits[1]).toBe(0);
  });

  test('of more than a minute is left to the caller', async () => {
    fresh.server.on('*', faults.rateLimited('61'));
    const { ollama, waits } = jumpingClient({ host: fresh.server.host });
    expect(await failureOf(ollama.embed(embed))).toMatchObject({ code: 'rate_limited', retryAfterMs: 61_000 });
    expect(waits).toEqual([]);
  });
});

describe('no retry', () => {
  test.each([
    { name: 'an exhausted quota', reply: () => faults.quotaExceeded() },
    { name: 'a server error', reply: () => faults.serverError() },
    { name: 'a missing model', reply: () => faults.modelNotFound() },
    { name: 'a bad request', reply: () => failWith(400, 'nonsense') },
    { name: 'no key', reply: () => faults.unauthorized() },
    { name: 'a redirect', reply: () => faults.redirect(307, 'http://127.0.0.1:1/') },
  ])('for $name', async ({ reply }) => {
    fresh.server.on('*', reply());
    const { ollama } = jumpingClient({ host: fresh.server.host });
    await failureOf(ollama.chat(chat));
    expect(fresh.server.requests).toHaveLength(1);
  });

  test.each(calls.filter(({ name }) => ['push', 'create', 'copy', 'delete'].includes(name)))(
    'by $name',
    async ({ whole, stream }) => {
      const { ollama } = jumpingClient({ host: fresh.server.host, retry: { attempts: 5 } });
      for (const form of stream ? [whole, (o: typeof ollama) => chunksOf(stream(o))] : [whole]) {
        fresh.server.requests.length = 0;
        fresh.server.on('*', faults.serverBusy());
        expect(await failureOf(form(fresh.ollama))).toMatchObject({ code: 'server_busy' });
        expect(fresh.server.requests).toHaveLength(1);
      }
    },
  );

  test.each([
    { name: 'an error line', reply: () => faults.errorLine('server busy, please try again') },
    { name: 'a truncated answer', reply: () => faults.cutWithoutDone() },
    { name: 'a reset', reply: () => faults.resetMidBody() },
    { name: 'a reset after the headers', reply: () => raw({ body: ['\n'], ending: 'reset' }) },
  ])('after the first byte: $name', async ({ reply }) => {
    fresh.server.chat(reply()).chat(reply());
    const { ollama, waits } = jumpingClient({ host: fresh.server.host });
    await failureOf(ollama.chat(chat));
    await failureOf(ollama.chatStream(chat));
    expect(fresh.server.requests).toHaveLength(2);
    expect(waits).toEqual([]);
  });
});

test('pull is retried', async () => {
  fresh.server.pull(faults.serverBusy());
  const { ollama } = jumpingClient({ host: fresh.server.host });
  expect(await ollama.pull({ model: 'm' })).toEqual({ status: 'success' });
});

/** Each wait is in the upper half of its maximum. */
function expectWithin(waits: readonly number[], longest: readonly number[]): void {
  expect(waits).toHaveLength(longest.length);
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(longest[index]! / 2);
    expect(wait).toBeLessThanOrEqual(longest[index]!);
  }
}
