import { createHash } from 'node:crypto';
import { createOllama, OllamaAbortError, OllamaHttpError, type ProgressResponse } from '@ollama-toolbelt/core/node';
import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { tempFolder, weights } from '../fixtures/core/temp-folder.ts';

const hello = new TextEncoder().encode('hello');
const helloDigest = `sha256:${createHash('sha256').update(hello).digest('hex')}`;

describe.each(transports)('blobs on $transport', ({ createOllama: create }) => {
  test('has: checks with a HEAD request', async () => {
    await using server = await startScripted();
    await using ollama = create({ host: server.host });
    expect(await ollama.blobs.has(helloDigest)).toBe(false);
    server.blobs.add(helloDigest);
    expect(await ollama.blobs.has(helloDigest)).toBe(true);
    expect(await ollama.blobs.has(helloDigest.replace(':', '-'))).toBe(true);
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD', 'HEAD']);
  });

  test('has: rejects an invalid digest, and sends nothing', async () => {
    await using server = await startScripted();
    await using ollama = create({ host: server.host });
    for (const digest of ['', 'abc', `sha256:${'0'.repeat(63)}`, `${helloDigest}/../x`, `md5:${'0'.repeat(64)}`]) {
      expect(await failureOf(ollama.blobs.has(digest))).toMatchObject({
        code: 'bad_request',
        message: expect.stringContaining('invalid digest format'),
      });
    }
    expect(server.requests).toEqual([]);
  });

  test('has: a web page as the response is an error', async () => {
    await using server = await startScripted();
    await using ollama = create({ host: server.host });
    server.on('HEAD /api/blobs/:digest', faults.htmlOk());
    expect(await failureOf(ollama.blobs.has(helloDigest))).toMatchObject({ code: 'wrong_server' });
    server.on('HEAD /api/blobs/:digest', faults.emptyForbidden());
    expect(await failureOf(ollama.blobs.has(helloDigest))).toBeInstanceOf(OllamaHttpError);
  });

  test('upload: sends bytes once', async () => {
    await using server = await startScripted();
    await using ollama = create({ host: server.host });
    const lines: ProgressResponse[] = [];
    const upload = () => ollama.blobs.upload(hello, { onProgress: (line) => lines.push(line) });
    expect(await upload()).toEqual({ digest: helloDigest });
    expect(await upload()).toEqual({ digest: helloDigest });
    expect([...server.blobs]).toEqual([helloDigest]);
    expect(server.requests.map(({ method, headers }) => [method, headers['content-length']])).toEqual([
      ['HEAD', undefined],
      ['POST', '5'],
      ['HEAD', undefined],
    ]);
    expect(lines.at(-1)).toEqual({
      status: 'already on the server: bytes',
      digest: helloDigest,
      total: 5,
      completed: 5,
    });
  });

  test('upload: can be cancelled', async () => {
    await using server = await startScripted();
    await using ollama = create({ host: server.host });
    const controller = new AbortController();
    const arrived = server.nextRequest(`/api/blobs/${helloDigest}`);
    server.on('HEAD /api/blobs/:digest', faults.stallBeforeHeaders());
    const upload = failureOf(ollama.blobs.upload(hello, { signal: controller.signal }));
    await arrived;
    controller.abort('enough');
    const error = await upload;
    expect(error).toBeInstanceOf(OllamaAbortError);
    expect(error).toMatchObject({ cause: 'enough' });
    await server.allClosed();
    expect(server.requests.map(({ outcome }) => outcome)).toEqual(['aborted']);
  });
});

test('upload: streams a file from disk', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  await using folder = await tempFolder();
  const bytes = weights(11, 3_000_000);
  const { digest } = await ollama.blobs.upload(await folder.write('model.gguf', bytes));
  expect(digest).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  expect([...server.blobs]).toEqual([digest]);
  expect(server.lastRequest.headers['content-length']).toBe('3000000');
});

test('upload: a path that is not a file is an error', async () => {
  await using server = await startScripted();
  await using ollama = createOllama({ host: server.host });
  await using folder = await tempFolder();
  expect(await failureOf(ollama.blobs.upload(`${folder.path}/missing`))).toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('cannot be read (ENOENT)'),
  });
  expect(await failureOf(ollama.blobs.upload(folder.path))).toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('is not a file'),
  });
});

test('upload: a path is rejected if no files can be read', async () => {
  await using server = await startScripted();
  await using ollama = transports[1].createOllama({ host: server.host });
  expect(await failureOf(ollama.blobs.upload('./model.gguf'))).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('@ollama-toolbelt/core/node'),
  });
  expect(server.requests).toEqual([]);
});
