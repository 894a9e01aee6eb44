import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CreateResponse,
  createOllama,
  OllamaAbortError,
  OllamaError,
  OllamaHttpError,
  OllamaTimeoutError,
} from '@ollama-toolbelt/core/node';
import { failWith, faults, gate, RawReply, replyJson, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { holdTime } from '../fixtures/core/held-time.ts';
import { tempFolder, weights } from '../fixtures/core/temp-folder.ts';

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe.each(transports)('a Modelfile without files, on $transport', ({ createOllama }) => {
  test('becomes the fields of the request', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const modelfile = [
      'FROM no-such-model',
      'FROM chat-model',
      'PARAMETER temperature 0.7',
      'PARAMETER stop <|a|>',
      'PARAMETER stop "<|b|> "',
      'TEMPLATE """{{ .System }}',
      '{{ .Prompt }}"""',
      'SYSTEM You are Mario.',
      'MESSAGE user Hi',
      'LICENSE MIT',
      'REQUIRES v0.14.0',
    ].join('\n');
    expect(await ollama.create({ model: 'mario', modelfile })).toEqual({ status: 'success' });
    expect(server.lastRequest.body).toEqual({
      model: 'mario',
      from: 'chat-model',
      parameters: { temperature: 0.7, stop: ['<|a|>', '<|b|> '] },
      template: '{{ .System }}\n{{ .Prompt }}',
      system: 'You are Mario.',
      messages: [{ role: 'user', content: 'Hi' }],
      license: ['MIT'],
      requires: '0.14.0',
      stream: true,
    });
  });

  test('is accepted in the older form of the request too', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.create({
      name: 'my-new-model',
      modelfile: 'FROM chat-model\nPARAMETER temperature 0.8\nSYSTEM You are helpful',
      stream: false,
    });
    expect(server.lastRequest.body).toEqual({
      name: 'my-new-model',
      from: 'chat-model',
      parameters: { temperature: 0.8 },
      system: 'You are helpful',
      stream: true,
    });
  });

  test('is overridden by fields of the request', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.create({
      model: 'mine',
      from: 'chat-model',
      system: 'Be brief.',
      template: undefined,
      parameters: { top_k: 2 },
      quantize: 'q4_K_M',
      modelfile: 'FROM /root/.ollama/models/blobs/sha256-0\nSYSTEM x\nTEMPLATE t\nPARAMETER top_k 1\nPARAMETER seed 7',
    });
    expect(server.lastRequest.body).toEqual({
      model: 'mine',
      from: 'chat-model',
      system: 'Be brief.',
      template: 't',
      parameters: { top_k: 2, seed: 7 },
      quantize: 'q4_K_M',
      stream: true,
    });
  });

  test('keeps what the request leaves undefined or null', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await ollama.create({
      model: 'mine',
      modelfile: 'FROM chat-model\nTEMPLATE t\nPARAMETER top_k 3\nPARAMETER seed 7',
      template: null as never,
      parameters: { top_k: undefined, seed: null as never },
    });
    const [request] = server.requestsTo('/api/create');
    expect(request?.body).toMatchObject({ template: 't', parameters: { top_k: 3, seed: 7 } });
  });

  test('with deprecated parameters gives notices, on the last line only', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const request = { model: 'mine', modelfile: 'FROM chat-model\nPARAMETER mirostat 2' };
    const notices = [
      { code: 'parameter_ignored', option: 'mirostat', line: 2, message: expect.stringContaining('mirostat (line 2') },
    ];
    expect(await ollama.create(request)).toEqual({ status: 'success', notices });
    const lines: CreateResponse[] = [];
    for await (const line of ollama.createStream(request)) lines.push(line);
    expect(lines.at(-1)).toEqual({ status: 'success', notices });
    expect(lines.slice(0, -1).every((line) => line.notices === undefined)).toBe(true);
  });

  test.each([
    ['missing', 'SYSTEM x'],
    ['a path on the server', 'FROM /root/.ollama/models/blobs/sha256-1\nSYSTEM x'],
  ])('needs no FROM if the request names files: one that is %s', async (_, modelfile) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const digest = digestOf(weights(2));
    server.blobs.add(digest);
    const files = { 'model.gguf': digest };
    expect(await ollama.create({ model: 'mine', files, modelfile })).toEqual({ status: 'success' });
    expect(server.lastRequest.body).toEqual({ model: 'mine', files, system: 'x', stream: true });
  });

  test('with a mistake is rejected before anything is sent', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const error = await failureOf(ollama.create({ model: 'mine', modelfile: 'FROM chat-model\nPARAMETER topk 1' }));
    expect(error).toBeInstanceOf(OllamaError);
    expect(error).toMatchObject({
      code: 'bad_modelfile',
      message: "Modelfile (line 2): unknown parameter 'topk'",
      retryable: false,
    });
    expect(server.requests).toEqual([]);
  });

  test('passes on the server’s error', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.create(failWith(400, 'template error: template: :1: unclosed action'));
    const error = await failureOf(ollama.create({ model: 'mine', modelfile: 'FROM chat-model\nTEMPLATE {{ .Nope' }));
    expect(error).toBeInstanceOf(OllamaHttpError);
    expect(error).toMatchObject({ code: 'bad_request', status: 400, model: 'mine' });
  });
});

describe('a Modelfile with files, on a platform that cannot read any', () => {
  test.each([
    ['FROM ./model.gguf'],
    ['FROM ../model'],
    ['FROM .'],
    ['FROM /models/a'],
    ['FROM ~/a'],
    ['FROM C:\\models\\a'],
    ['FROM model.gguf'],
    ['FROM Model.SafeTensors'],
    ['FROM m\nADAPTER lora'],
    ['FROM m\nDRAFT small'],
  ])('%j is refused with a way out', async (modelfile) => {
    await using server = await startScripted();
    await using ollama = transports[1].createOllama({ host: server.host });
    const error = await failureOf(ollama.create({ model: 'mine', modelfile }));
    expect(error).toMatchObject({
      code: 'bad_modelfile',
      message: expect.stringContaining('names a local file'),
      hint: expect.stringContaining('@ollama-toolbelt/core/node'),
    });
    expect(server.requests).toEqual([]);
  });

  test('model names pass, whatever they contain', async () => {
    await using server = await startScripted();
    await using ollama = transports[1].createOllama({ host: server.host });
    for (const from of ['a', 'hf.co/b/c-GGUF:Q4_K_M', 'localhost:5000/a/b:c', 'd:e']) {
      await ollama.create({ model: 'mine', modelfile: `FROM ${from}` });
      expect(server.lastRequest.body).toMatchObject({ from });
    }
  });
});

describe('files', () => {
  test('are hashed, sent if they are missing, and named by their digests', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    const bytes = weights(3, 2_500_000);
    await folder.write('model.gguf', bytes);
    const digest = digestOf(bytes);
    const lines: CreateResponse[] = [];
    const request = { model: 'mine', modelfile: 'FROM ./model.gguf\nSYSTEM x' };
    const answer = await ollama.create(request, { baseDir: folder.path, onProgress: (line) => lines.push(line) });

    expect(answer).toEqual({ status: 'success' });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `HEAD /api/blobs/${digest}`,
      `POST /api/blobs/${digest}`,
      'POST /api/create',
    ]);
    expect(server.requests[1]?.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '2500000',
    });
    expect(server.requests[1]?.headers).not.toHaveProperty('transfer-encoding');
    expect([...server.blobs]).toEqual([digest]);
    expect(server.lastRequest.body).toEqual({
      model: 'mine',
      files: { 'model.gguf': digest },
      system: 'x',
      stream: true,
    });
    const total = bytes.length;
    expect(lines.filter(({ status }) => status === 'hashing model.gguf')).toEqual(
      expect.arrayContaining([
        { status: 'hashing model.gguf', total, completed: 0 },
        { status: 'hashing model.gguf', total, completed: total },
      ]),
    );
    const uploading = lines.filter(({ status }) => status === 'uploading model.gguf');
    expect(uploading[0]).toEqual({ status: 'uploading model.gguf', digest, total, completed: 0 });
    expect(uploading.at(-1)).toEqual({ status: 'uploading model.gguf', digest, total, completed: total });
    const counts = uploading.map(({ completed = 0 }) => completed);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(lines.at(-1)).toEqual({ status: 'success' });
  });

  test('are not sent again', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    const path = await folder.write('model.gguf', weights(5));
    server.blobs.add(digestOf(weights(5)));
    const lines: CreateResponse[] = [];
    for await (const line of ollama.createStream({ model: 'mine', modelfile: `FROM ${path}` })) lines.push(line);
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD', 'POST']);
    expect(lines).toContainEqual({
      status: 'already on the server: model.gguf',
      digest: digestOf(weights(5)),
      total: 1024,
      completed: 1024,
    });
  });

  test('with the same content are sent once, under both names', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    for (const name of ['a.gguf', 'b.gguf', 'lora.gguf']) await folder.write(name, weights(7));
    const modelfile = 'FROM ./a.gguf\nFROM b.gguf\nADAPTER lora.gguf';
    await ollama.create({ model: 'mine', modelfile }, { baseDir: folder.path });
    const digest = digestOf(weights(7));
    expect(server.requestsTo(`/api/blobs/${digest}`).map(({ method }) => method)).toEqual(['HEAD', 'POST']);
    expect(server.lastRequest.body).toMatchObject({
      files: { 'a.gguf': digest, 'b.gguf': digest },
      adapters: { 'lora.gguf': digest },
    });
  });

  test('that are empty can be sent', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('empty.gguf', '');
    await ollama.create({ model: 'mine', modelfile: 'FROM empty.gguf' }, { baseDir: folder.path });
    expect([...server.blobs]).toEqual([digestOf(new Uint8Array())]);
  });

  test('are sent in turn, a few at a time', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('config.json', '{}');
    for (let index = 1; index <= 9; index++) await folder.write(`model-${index}.safetensors`, weights(index));
    await ollama.create({ model: 'mine', modelfile: 'FROM .' }, { baseDir: folder.path });
    expect(server.blobs.size).toBe(10);
    expect(Object.keys(server.lastRequest.body['files'] ?? {})).toHaveLength(10);
    // HEAD closes its connection, so sockets are counted where the files arrive.
    const uploads = server.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/blobs/'));
    const together = uploads.map((one) =>
      uploads.filter((other) => other.receivedAt <= one.receivedAt && (other.closedAt ?? 0) > one.receivedAt),
    );
    expect(Math.max(...together.map(({ length }) => length))).toBeLessThanOrEqual(3);
  });
});

describe('when something goes wrong with a file', () => {
  test('a server that computes another digest is an error', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('model.gguf', weights(2));
    server.on('POST /api/blobs/:digest', failWith(400, 'digest mismatch, expected "sha256:0", got "sha256:1"'));
    const error = await failureOf(
      ollama.create({ model: 'mine', modelfile: 'FROM model.gguf' }, { baseDir: folder.path }),
    );
    expect(error).toBeInstanceOf(OllamaHttpError);
    expect(error).toMatchObject({ code: 'bad_request', message: expect.stringContaining('digest mismatch') });
    expect(server.requestsTo('/api/create')).toEqual([]);
  });

  test('a file that another client uploaded in the meantime is used as it is', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('model.gguf', weights(2));
    server.on('POST /api/blobs/:digest', () => {
      server.blobs.add(digestOf(weights(2)));
      return faults.resetBeforeHeaders();
    });
    const modelfile = 'FROM model.gguf';
    expect(await ollama.create({ model: 'mine', modelfile }, { baseDir: folder.path })).toEqual({ status: 'success' });
  });

  test.each<[string, (path: string) => void, string, boolean]>([
    ['changes', (path) => writeFileSync(path, weights(9, 2048)), 'changed while it was read', true],
    ['shrinks', (path) => writeFileSync(path, 'x'), 'changed while it was read', true],
    ['vanishes', (path) => rmSync(path), 'cannot be read (ENOENT)', false],
  ])('one that %s before it is sent is a clear error', async (_, spoil, message, retryable) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    const path = await folder.write('model.gguf', weights(2));
    server.on('HEAD /api/blobs/:digest', () => {
      spoil(path);
      return replyJson({}, 404);
    });
    const error = await failureOf(
      ollama.create({ model: 'mine', modelfile: 'FROM model.gguf' }, { baseDir: folder.path }),
    );
    expect(error).toBeInstanceOf(OllamaError);
    expect(error).toMatchObject({ code: 'bad_request', retryable, message: expect.stringContaining(message) });
    expect((error as Error).message).toContain(join(folder.path, 'model.gguf'));
    expect(server.requestsTo('/api/create')).toEqual([]);
  });
});

describe('cancelling', () => {
  const reason = new Error('enough');

  /** A create that is cancelled at the first line for which `when` is true. */
  async function cancelAt(when: (line: CreateResponse) => boolean, prepare?: (server: Server) => void) {
    await using server = await startScripted();
    prepare?.(server);
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('model.gguf', weights(3, 12_000_000));
    const controller = new AbortController();
    const error = await failureOf(
      ollama.create(
        { model: 'mine', modelfile: 'FROM model.gguf' },
        {
          baseDir: folder.path,
          signal: controller.signal,
          onProgress: (line) => when(line) && controller.abort(reason),
        },
      ),
    );
    expect(error).toBeInstanceOf(OllamaAbortError);
    expect(error).toMatchObject({ code: 'aborted', model: 'mine', cause: reason });
    await server.allClosed();
    return server.requests.map(({ method, path, outcome }) => [method, path.split('/')[2], outcome]);
  }
  type Server = Awaited<ReturnType<typeof startScripted>>;

  test('before it begins sends nothing', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const request = { model: 'mine', modelfile: 'FROM chat-model' };
    const error = await failureOf(ollama.create(request, { signal: AbortSignal.abort(reason) }));
    expect(error).toBeInstanceOf(OllamaAbortError);
    expect(error).toMatchObject({ cause: reason });
    expect(server.requests).toEqual([]);
  });

  test('while hashing sends nothing', async () => {
    expect(await cancelAt(({ status }) => status.startsWith('hashing'))).toEqual([]);
  });

  test('while uploading closes the connection', async () => {
    const requests = await cancelAt(
      ({ status, completed = 0 }) => status.startsWith('uploading') && completed > 0 && completed < 12_000_000,
    );
    expect(requests.at(-1)).toEqual(['POST', 'blobs', 'aborted']);
  });

  test('while the server creates the model closes the connection', async () => {
    const requests = await cancelAt(
      ({ status }) => status === 'parsing GGUF',
      (server) => server.create(['parsing GGUF', gate(), 'success']),
    );
    expect(requests.at(-1)).toEqual(['POST', 'create', 'aborted']);
  });

  test('leaving the stream while uploading closes the connection and throws nothing', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('model.gguf', weights(3, 12_000_000));
    const request = { model: 'mine', modelfile: 'FROM model.gguf' };
    for await (const { status, completed = 0 } of ollama.createStream(request, { baseDir: folder.path })) {
      if (status.startsWith('uploading') && completed > 0) break;
    }
    await server.allClosed();
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD', 'POST']);
    expect(server.lastRequest.outcome).toBe('aborted');
  });

  test('an error in onProgress ends the call, and is passed on', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('model.gguf', weights(3, 12_000_000));
    const onProgress = ({ status, completed = 0 }: CreateResponse) => {
      if (status.startsWith('uploading') && completed > 0) throw new RangeError('mine');
    };
    const create = ollama.create({ model: 'mine', modelfile: 'FROM model.gguf' }, { baseDir: folder.path, onProgress });
    await expect(create).rejects.toMatchObject({ code: 'hook_failed', cause: expect.any(RangeError) });
    await server.allClosed();
    expect(server.lastRequest.outcome).toBe('aborted');
  });

  test('the total deadline covers all phases', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    await using folder = await tempFolder();
    await folder.write('model.gguf', weights(3));
    await ollama.version();
    const pass = holdTime();
    const held = gate();
    server.on(
      'POST /api/blobs/:digest',
      new RawReply(async ({ incoming, signal }) => {
        incoming.resume();
        await held.pass(signal);
      }),
    );
    const failure = failureOf(
      ollama.create(
        { model: 'mine', modelfile: 'FROM model.gguf' },
        { baseDir: folder.path, timeouts: { totalMs: 150, firstByteMs: 20 } },
      ),
    );
    await held.reached;
    pass(150);
    const error = await failure;
    expect(error).toBeInstanceOf(OllamaTimeoutError);
    expect(error).toMatchObject({ code: 'timeout', phase: 'total', model: 'mine' });
    await server.allClosed();
    expect(server.lastRequest.outcome).toBe('aborted');
  });
});
