import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { calls, chunksOf } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { secret } from '../fixtures/core/secrets.ts';

describe.each(transports)('on $transport', ({ createOllama }) => {
  async function watched(host: string) {
    const requests: object[] = [];
    const responses: { firstByteMs: number }[] = [];
    const ollama = createOllama({
      host: host.replace('://', `://user:${secret.key}@`),
      headers: { 'x-key': secret.key },
      retry: { minDelayMs: 1 },
      onRequest: (event) => void requests.push(event),
      onResponse: (event) => void responses.push(event),
    });
    return { ollama, requests, responses, [Symbol.asyncDispose]: () => ollama.close() };
  }

  test.each(calls)('$name is seen with method, path, status and time, and nothing else', async (call) => {
    await using server = await startScripted();
    await using it = await watched(server.host);
    await call.whole(it.ollama);
    if (call.stream) await chunksOf(call.stream(it.ollama));
    const { method, path } = call;
    const times = call.stream ? 2 : 1;
    expect(it.requests).toEqual(Array(times).fill({ method, path, attempt: 0 }));
    expect(it.responses).toEqual(
      Array(times).fill({ method, path, attempt: 0, status: 200, firstByteMs: expect.any(Number) }),
    );
    for (const { firstByteMs } of it.responses) expect(firstByteMs).toBeGreaterThan(0);
    expect(JSON.stringify([it.requests, it.responses])).not.toMatch(/secret/);
  });

  test('each attempt is seen, and an answer only where there is one', async () => {
    await using server = await startScripted();
    await using it = await watched(server.host);
    server.on('*', faults.serverBusy());
    server.on('*', faults.resetBeforeHeaders());
    await it.ollama.version().catch(() => undefined);
    const seen = it.requests.map((event) => (event as { attempt: number }).attempt);
    expect(seen.slice(0, 2)).toEqual([0, 1]);
    expect(it.responses[0]).toMatchObject({ attempt: 0, status: 503 });
    expect(it.responses.filter((event) => (event as { attempt?: number }).attempt === 1)).toEqual([]);
  });
});
