import { faults, gate, replyJson } from '@ollama-toolbelt/ollama-server';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { locator, model, server as serverOperation } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

const run = (parameters: INodeParameters, streaming = false) =>
  engine.run({ parameters, credential: { baseUrl: server.host }, streaming });

/** The only item that the node outputs. */
async function itemOf(parameters: INodeParameters) {
  const { error, outputs } = await run(parameters);
  expect(error).toBeUndefined();
  expect(outputs[0]).toHaveLength(1);
  return outputs[0]![0]!.json;
}

const sent = (index = -1) => {
  const { method, path, body } = server.requests.at(index)!;
  return [`${method} ${path}`, body];
};

describe('pull and push', () => {
  const lines = [
    'pulling manifest',
    { status: 'pulling abc', digest: 'sha256:abc', total: 200, completed: 20 },
    { status: 'pulling abc', digest: 'sha256:abc', total: 200, completed: 200 },
    { status: 'pulling def', digest: 'sha256:def', total: 50 },
    'success',
  ];

  test('output one item at the end, and stream the progress if requested', async () => {
    for (const operation of ['pull', 'push'] as const) {
      server[operation](lines);
      const more = { model: locator('me/model'), options: { insecure: true, stream_progress: true } };
      const { outputs, chunks } = await run(model(operation, more), true);
      expect(outputs[0]![0]!.json).toEqual({
        model: 'me/model',
        status: 'success',
        bytes: 250,
        total_ms: expect.any(Number),
      });
      expect(outputs[0]![0]!.json['total_ms']).toBeLessThan(performance.now());
      expect(sent()).toEqual([`POST /api/${operation}`, { model: 'me/model', insecure: true, stream: true }]);
      expect(chunks).toEqual([
        '<begin>',
        'pulling manifest\n',
        'pulling abc: 10 %, 20 of 200 B\n',
        'pulling abc: 99 %, 200 of 200 B\n',
        'pulling def: 99 %, 200 of 250 B\n',
        'success: 100 %, 250 of 250 B\n',
        '<end>',
      ]);
    }
  });

  test('report the progress of a step that sends nothing separately', async () => {
    const own = (completed: number) => ({ status: 'verifying', total: 400, completed });
    server.pull([own(0), own(10), own(210), own(400), { ...(lines[1] as object) }, 'success']);
    const more = { model: locator('m'), options: { stream_progress: true } };
    const { chunks } = await run(model('pull', more), true);
    expect(chunks.slice(1, 5)).toEqual([
      'verifying: 0 %\n',
      'verifying: 52 %\n',
      'verifying: 100 %\n',
      'pulling abc: 10 %, 20 of 200 B\n',
    ]);
  });

  test('stream nothing unless requested', async () => {
    server.pull(lines);
    expect((await run(model('pull', { model: locator('m') }), true)).chunks).toEqual([]);
  });

  test('say why a model is not available', async () => {
    server.pull(faults.errorInOk());
    expect((await run(model('pull', { model: locator('nobody') }))).status).toBe('error');
    const { error } = await run(model('pull', { model: locator('={{ $json.nothing }}') }));
    expect(error).toMatchObject({ message: 'No model is chosen', context: { itemIndex: 0 } });
  });

  test('stop when the workflow is stopped', async () => {
    const stall = gate();
    server.pull(['pulling manifest', stall, 'success']);
    const stop = new AbortController();
    const setup = { parameters: model('pull', { model: locator('m') }), credential: { baseUrl: server.host } };
    const running = engine.run(setup, stop.signal);
    await stall.reached;
    stop.abort();
    expect(await server.lastRequest.closed).toBe('aborted');
    expect((await running).status).toBe('canceled');
  });
});

describe('create', () => {
  test('from fields', async () => {
    const parameters = model('create', {
      model: locator('pirate'),
      source: 'fields',
      from: locator('chat-model'),
      system: 'Talk like a pirate.',
      parameters: { temperature: 0.2, stop: ['Arr, '] },
      options: { template: '{{ .Prompt }}', license: 'MIT', more_fields: '{ "renderer": "x" }' },
    });
    expect(await itemOf(parameters)).toMatchObject({ model: 'pirate', status: 'success' });
    expect(sent()).toEqual([
      'POST /api/create',
      {
        model: 'pirate',
        from: 'chat-model',
        system: 'Talk like a pirate.',
        parameters: { temperature: 0.2, stop: ['Arr, '] },
        template: '{{ .Prompt }}',
        license: 'MIT',
        renderer: 'x',
        stream: true,
      },
    ]);
  });

  test('from a model alone, with its progress', async () => {
    server.create(['reading model metadata', 'success']);
    const more = { model: locator('copy'), from: locator('chat-model'), options: { stream_progress: true } };
    const { chunks } = await run(model('create', more), true);
    expect(chunks).toEqual(['<begin>', 'reading model metadata\n', 'success\n', '<end>']);
    expect(sent()[1]).toEqual({ model: 'copy', from: 'chat-model', stream: true });
  });

  const ofModelfile = (modelfile: string) =>
    model('create', { model: locator('pirate'), source: 'modelfile', modelfile, options: { quantize: 'q4_K_M' } });

  test('from the text of a Modelfile, with notices about what Ollama ignores', async () => {
    server.create(['success']);
    const modelfile =
      'FROM chat-model\nSYSTEM """Be\nbrief\u200b."""\nPARAMETER num_ctx 2048\nPARAMETER mirostat 1\nLICENSE a\u200b\u200b\n';
    const { error, outputs, hints } = await run(ofModelfile(modelfile));
    expect(error).toBeUndefined();
    const messages = [
      'SYSTEM of the Modelfile (line 2) has 1 invisible characters, which Ollama drops.',
      'Ollama no longer has the parameter mirostat of the Modelfile (line 5): take it out.',
      'LICENSE of the Modelfile (line 6) has 2 invisible characters, which Ollama drops.',
    ];
    expect((outputs[0]![0]!.json['notices'] as { message: string }[]).map(({ message }) => message)).toEqual(messages);
    expect(hints).toMatchObject(messages.map((message) => ({ message, type: 'warning' })));
    expect(sent()[1]).toEqual({
      model: 'pirate',
      from: 'chat-model',
      system: 'Be\nbrief.',
      parameters: { num_ctx: 2048 },
      license: ['a'],
      quantize: 'q4_K_M',
      stream: true,
    });
  });

  test.each(['FROM ./model.gguf', 'FROM /etc/passwd', 'FROM m\nADAPTER ./lora.gguf', 'FROM ~/x', 'FROM C:\\m.gguf'])(
    'refuses a local path: %j',
    async (modelfile) => {
      const { error } = await run(ofModelfile(modelfile));
      expect(error!.message).toMatch(/^Modelfile \(line \d\): (FROM|ADAPTER) names a local file/);
      expect(error!.description).toMatch(/^n8n cannot read files/);
      expect(server.requests).toHaveLength(0);
    },
  );

  test('names the line of an invalid Modelfile', async () => {
    const { message, description } = (await run(ofModelfile('FROM m\nTEMPERATURE 1'))).error!;
    expect(message).toMatch(/line 2/);
    expect(description ?? '').not.toMatch(/n8n cannot read files/);
  });
});

describe('the other model operations', () => {
  test('copy', async () => {
    const parameters = model('copy', { model: locator('chat-model'), destination: ' backup ' });
    expect(await itemOf(parameters)).toEqual({ model: 'backup', source: 'chat-model' });
    expect(sent()).toEqual(['POST /api/copy', { source: 'chat-model', destination: 'backup' }]);
    const { error } = await run(model('copy', { model: locator('m'), destination: '={{ $json.no }}' }));
    expect(error!.message).toBe('The field Destination has no value');
    const object = await run(model('copy', { model: locator('m'), destination: '={{ ({ a: 1 }) }}' }));
    expect(object.error).toMatchObject({
      message: 'The field Destination must be a text, not an object',
      context: { itemIndex: 0 },
    });
  });

  test('delete', async () => {
    await itemOf(model('copy', { model: locator('chat-model'), destination: 'old' }));
    expect(await itemOf(model('delete', { model: locator('old') }))).toEqual({ deleted: true });
    expect(sent()).toEqual(['DELETE /api/delete', { model: 'old' }]);
    const { error } = await run(model('delete', { model: locator('old') }));
    expect(error!.message).toMatch(/^model 'old' not found/);
  });

  test('load, with options and keep_alive', async () => {
    const options = { keep_alive: '1h', num_ctx: 8192, more_options: '{ "num_new": 1 }' };
    const loaded = { model: 'chat-model', created_at: 't', response: '', done: true, done_reason: 'load' };
    server.generate({ lines: [{ ...loaded, load_duration: 7_000_000 }] });
    const item = await itemOf(model('load', { model: locator('chat-model'), options }));
    expect(item).toEqual({ model: 'chat-model', loaded: true, load_ms: 7 });
    const body = { model: 'chat-model', keep_alive: '1h', options: { num_ctx: 8192, num_new: 1 }, stream: true };
    expect(sent()).toEqual(['POST /api/generate', body]);
  });

  test('load an embedding model through the route it supports, and unload it through the general one', async () => {
    expect(await itemOf(model('load', { model: locator('embedding-model') }))).toMatchObject({ loaded: true });
    expect(sent()[0]).toBe('POST /api/embed');
    expect(await itemOf(model('unload', { model: locator('embedding-model') }))).toEqual({
      model: 'embedding-model',
      unloaded: true,
    });
    expect(sent()).toMatchObject(['POST /api/generate', { model: 'embedding-model', keep_alive: 0 }]);
  });

  test('get running', async () => {
    const answer = {
      models: [
        {
          name: 'm:latest',
          model: 'm:latest',
          size: 400,
          size_vram: 100,
          digest: 'd',
          details: { family: 'llama', parameter_size: '1B', quantization_level: 'Q4_0' },
          expires_at: '2026-11-01T12:00:00Z',
          context_length: 4096,
        },
      ],
    };
    server.on('GET /api/ps', replyJson(answer));
    expect(await itemOf(model('getRunning'))).toEqual({
      name: 'm:latest',
      size: 400,
      gpu_percent: 25,
      context_length: 4096,
      expires_at: '2026-11-01T12:00:00Z',
      family: 'llama',
      parameter_size: '1B',
      quantization: 'Q4_0',
      digest: 'd',
    });
    server.on('GET /api/ps', replyJson(answer));
    expect(await itemOf(model('getRunning', { simplify: false }))).toEqual(answer.models[0]);
    const bare = { name: 'm', model: 'm', size: 0, size_vram: 0, expires_at: 'e', digest: 'd' };
    server.on('GET /api/ps', replyJson({ models: [bare] }));
    expect(await itemOf(model('getRunning'))).toEqual({ name: 'm', size: 0, expires_at: 'e', digest: 'd' });
  });
});

test('get: newer servers have the lengths in details, older ones in model_info', async () => {
  const lengths = { context_length: 8192, embedding_length: 768 };
  const details = { family: 'llama', parameter_size: '1B', quantization_level: 'Q4_0' };
  const info = { 'general.architecture': 'llama', 'llama.context_length': 8192, 'llama.embedding_length': 768 };
  for (const answer of [{ details: { ...details, ...lengths } }, { details, model_info: info }]) {
    server.on('POST /api/show', replyJson(answer));
    expect(await itemOf(model('get', { model: locator('m') }))).toMatchObject(lengths);
  }
});

test('get: a server that has only the API of Ollama may leave out the details', async () => {
  server.on('POST /api/show', replyJson({ capabilities: ['completion'] }));
  expect(await itemOf(model('get', { model: locator('m') }))).toEqual({ name: 'm', capabilities: ['completion'] });
});

test('version and status of the server', async () => {
  expect(await itemOf(serverOperation('version'))).toEqual({ version: expect.stringMatching(/^\d+\.\d+/) });
  expect(sent()[0]).toBe('GET /api/version');
  expect(await itemOf(serverOperation('status'))).toHaveProperty('cloud');
  expect(sent()[0]).toBe('GET /api/status');
});
