import type { OllamaHttpError } from '@ollama-toolbelt/core/neutral';
import { faults, raw, replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { wholeCalls } from '../fixtures/core/calls.ts';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { secret } from '../fixtures/core/secrets.ts';
import { routeOf } from '../fixtures/faults/fault-calls.ts';

describe.each(transports)('on $transport', ({ createOllama }) => {
  test.each(wholeCalls)('$name: an empty 200', async (call) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    server.on(routeOf(call), raw({ headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: [''] }));
    if (call.name === 'copy' || call.name === 'delete') expect(await call.whole(ollama)).toEqual({});
    else expect(await failureOf(call.whole(ollama))).toMatchObject({ code: 'truncated', phase: 'body' });
  });

  test('the hint for an unknown model names it', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const unknown = { model: 'no-such:1b' };
    for (const call of [
      () => ollama.chat({ ...unknown, messages: [] }),
      () => ollama.generate(unknown),
      () => ollama.embed({ ...unknown, input: 'a' }),
      () => ollama.embeddings({ ...unknown, prompt: 'a' }),
      () => ollama.show(unknown),
      () => ollama.show({ name: 'no-such:1b' }),
      () => ollama.delete(unknown),
      () => ollama.copy({ source: 'no-such:1b', destination: 'b' }),
    ]) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ code: 'model_not_found', status: 404, model: 'no-such:1b', retryable: false });
      expect(error.hint).toContain('ollama pull no-such:1b');
    }
  });

  test('a pull of a model that the registry does not have', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.pull([{ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }]);
    expect(await failureOf(ollama.pull({ model: 'no-such' }))).toMatchObject({
      name: 'OllamaStreamError',
      code: 'model_not_found',
      partial: { status: 'pulling manifest' },
    });
  });

  test('Retry-After may be a date', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, retry: false });
    server.on('GET /api/tags', faults.rateLimited(new Date(Date.now() + 60_000).toUTCString()));
    const { retryAfterMs } = (await failureOf(ollama.list())) as OllamaHttpError;
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    server.on('GET /api/tags', faults.rateLimited('soon'));
    expect(await failureOf(ollama.list())).toMatchObject({ retryAfterMs: undefined });
  });

  test('a redirect is never followed, so the key goes nowhere else', async () => {
    await using elsewhere = await startScripted();
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, apiKey: secret.key });
    for (const status of [301, 302, 303, 307, 308] as const) {
      server.on('POST /api/show', faults.redirect(status, `${elsewhere.host}/api/show`));
      const error = await failureOf(ollama.show({ model: 'chat-model' }));
      expect(error).toMatchObject({ code: 'redirect', status, hint: expect.stringContaining('OLLAMA_HOST') });
      expect(error.message).toContain(elsewhere.host);
    }
    expect(elsewhere.requests).toHaveLength(0);
  });

  test('an error field without an error is ignored', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.version({ version: '1.2.3', error: null }).on('GET /api/status', replyJson({ error: '' }));
    expect(await ollama.version()).toEqual({ version: '1.2.3', error: null });
    expect(await ollama.status()).toEqual({ error: '' });
  });

  test('a long error is truncated', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.on('GET /api/tags', faults.serverError('x'.repeat(100_000)));
    const error = await failureOf(ollama.list());
    expect(error).toMatchObject({ code: 'server_error', status: 500 });
    expect(error.message.length).toBeLessThan(700);
    await server.allClosed();
  });
});
