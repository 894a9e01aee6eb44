import { faults, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../fixtures/browser-bundle.ts';
import { chromium, openInChromium } from '../fixtures/chromium.ts';
import { type PageServer, servePage } from './page-server.ts';

/** A page on a machine of its own would be a stranger to the server. */
const stranger = 'stranger.example';

describe.skipIf(chromium === undefined)('in Chromium', () => {
  const stack = new AsyncDisposableStack();
  let page: PageServer;
  let server: ScriptedServer;

  beforeAll(async () => {
    page = stack.use(await servePage(await bundle(new URL('page.ts', import.meta.url))));
    server = stack.use(await startScripted());
    const frame = `http://${stranger}:${page.port}/`;
    stack.use(await openInChromium(chromium!, `http://127.0.0.1:${page.port}/?frame=${frame}`));
    // Both pages are there, before the clock of a test begins.
    await Promise.all([page.run('list', server.host).outcome, page.run('list', server.host, stranger).outcome]);
    server.reset();
  });
  afterAll(() => stack.disposeAsync());

  test('a whole answer', async () => {
    const { value } = await page.run('chat', server.host).outcome;
    expect(value).toMatchObject({ message: { content: 'Hello from the scripted engine.' }, done: true, notices: [] });
    expect(server.lastRequest.headers['origin']).toBe(`http://127.0.0.1:${page.port}`);
    expect(server.lastRequest.body).toMatchObject({ stream: true });
  });

  test('chunks come one by one, as the server sends them', async () => {
    const stops = [gate(), gate()] as const;
    server.chat({ text: ['Hel', stops[0], 'lo', stops[1], '!'] });
    const job = page.run('stream', server.host);
    expect(await job.reported()).toBe('Hel');
    await stops[0].reached;
    stops[0].release();
    expect(await job.reported()).toBe('lo');
    await stops[1].reached;
    stops[1].release();
    expect(await job.reported()).toBe('!');
    expect(await job.outcome).toEqual({ value: 'the end' });
    expect(await server.lastRequest.closed).toBe('complete');
  });

  test('an abort in the answer closes the socket', async () => {
    server.chat(faults.stallMidStream());
    const { error } = await page.run('abort', server.host).outcome;
    expect(error).toMatchObject({
      name: 'OllamaAbortError',
      code: 'aborted',
      phase: 'body',
      cause: 'RangeError: changed my mind',
    });
    expect(error?.['partial']).toMatchObject({ message: { content: expect.stringMatching(/^Hel/) } });
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('an abort before the answer closes the socket', async () => {
    const stop = gate();
    server.chat(faults.stallBeforeHeaders(stop));
    const job = page.run('abortBeforeTheAnswer', server.host);
    expect(await job.reported()).toBe('sent');
    await stop.reached;
    job.stop();
    expect(await job.outcome).toMatchObject({ error: { code: 'aborted', phase: 'firstByte' } });
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('leaving the loop closes the socket', async () => {
    server.chat(faults.stallMidStream());
    expect(await page.run('leave', server.host).outcome).toEqual({ value: 'Hel' });
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('a deadline closes the socket', async () => {
    const stop = gate();
    server.chat(faults.stallBeforeHeaders(stop));
    const job = page.run('deadline', server.host);
    await stop.reached;
    job.stop();
    const { error } = await job.outcome;
    expect(error).toMatchObject({ name: 'OllamaTimeoutError', code: 'timeout', phase: 'firstByte' });
    expect(await server.lastRequest.closed).toBe('aborted');
  });

  test('an error has its code and its hint', async () => {
    const { error } = await page.run('unknownModel', server.host).outcome;
    expect(error).toMatchObject({
      name: 'OllamaHttpError',
      code: 'model_not_found',
      message: `model 'no-such-model:latest' not found (status 404, POST /api/show at ${server.host})`,
      hint: expect.stringContaining('ollama pull no-such-model'),
    });
  });

  test('a redirect is told as such, though the browser hides where to', async () => {
    server.on('GET /api/tags', faults.redirect(302, 'http://elsewhere.example/api/tags'));
    const { error } = await page.run('list', server.host).outcome;
    expect(error).toMatchObject({ name: 'OllamaHttpError', code: 'redirect', phase: 'firstByte' });
    expect(error?.['message']).toMatch(
      /^The server redirects to an address that is not shown \(browsers hide it\) \(status 302, /,
    );
    expect(error?.['hint']).toContain('OLLAMA_HOST');
  });

  test('bytes are hashed and uploaded', async () => {
    const { value } = await page.run('upload', server.host).outcome;
    expect(value).toEqual({ digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), has: true });
    expect(server.blobs).toContain((value as { digest: string }).digest);
  });

  test('a conversation', async () => {
    const { value } = await page.run('conversation', server.host).outcome;
    expect(value).toEqual(['system', 'user', 'assistant', 'user', 'assistant']);
  });

  test('nothing listens there', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    const { error } = await page.run('list', gone.host).outcome;
    expect(error).toMatchObject({ name: 'OllamaConnectionError', code: 'refused', phase: 'connect' });
    expect(error?.['hint']).toMatch(/ollama serve.*OLLAMA_ORIGINS/);
  });

  test('an origin that the server does not allow', async () => {
    const { error } = await page.run('chat', server.host, stranger).outcome;
    expect(error).toMatchObject({ name: 'OllamaConnectionError', code: 'refused', phase: 'connect' });
    expect(error?.['hint']).toContain('OLLAMA_ORIGINS');
    // What the browser asks before, with nothing of the page in it.
    expect(server.lastRequest).toMatchObject({ method: 'OPTIONS', outcome: 'complete' });
    expect(server.lastRequest.headers['origin']).toBe(`http://${stranger}:${page.port}`);
  });
});
