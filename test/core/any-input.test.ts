import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOllama as createOnFetch } from '@ollama-toolbelt/core/fetch';
import { createOllama as createNeutral, type Ollama, OllamaError } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';

// What a plain JavaScript program may pass by mistake. None of it may cause a TypeError.
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const throwing = Object.defineProperty({}, 'model', {
  enumerable: true,
  get() {
    throw new Error('secret');
  },
});
const nested = () => {
  let value: object = {};
  for (let depth = 0; depth < 5000; depth++) value = { value };
  return value;
};
const anything: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  number: 5,
  NaN: Number.NaN,
  text: 'x',
  'no text': '',
  true: true,
  false: false,
  symbol: Symbol('s'),
  bigint: 10n,
  function: () => {},
  list: ['a', null],
  object: {},
  date: new Date(0),
  map: new Map(),
  bytes: new Uint8Array(3),
  'an object without a prototype': Object.create(null),
  'what cannot be text': { toString: null, toJSON: null },
  'an endless nesting': nested(),
  'a getter that throws': throwing,
  'a revoked proxy': revoked(),
};

const request = { model: 'm', prompt: 'x', messages: [], input: ['a', 'b'], source: 'm', destination: 'n', from: 'n' };
const methods = [
  ...['generate', 'chat', 'embed', 'embeddings', 'show', 'copy', 'delete', 'load', 'unload', 'pull', 'push', 'create'],
  ...['webSearch', 'webFetch', 'generateStream', 'chatStream', 'pullStream', 'pushStream', 'createStream'],
];
const withoutRequest = ['list', 'ps', 'version', 'status', 'me', 'recommendations'];

const answers: Readonly<Record<string, string>> = {
  '/api/chat': '{"model":"m","message":{"role":"assistant","content":"hi"},"done":true}',
  '/api/generate': '{"model":"m","response":"hi","done":true}',
};
/** Accepts anything, so every failure is about the input. */
const server = createServer((incoming, response) => {
  const pieces: Buffer[] = [];
  incoming
    .on('data', (piece: Buffer) => pieces.push(piece))
    .on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (incoming.url === '/api/embed') {
        const { input } = JSON.parse(Buffer.concat(pieces).toString()) as { input?: unknown };
        response.end(JSON.stringify({ model: 'm', embeddings: [input].flat().map(() => [1]) }));
        return;
      }
      response.end(`${answers[incoming.url ?? ''] ?? '{"status":"success","models":[]}'}\n`);
    });
});
let host = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

type Call = (...values: unknown[]) => unknown;
const callOf = (target: object, method: string): Call => (target[method as keyof typeof target] as Call).bind(target);

/** Settles a call, including a stream. */
async function settle(call: () => unknown): Promise<void> {
  try {
    const given = call();
    if (given !== null && typeof given === 'object' && Symbol.asyncIterator in given) {
      for await (const _ of given as AsyncIterable<unknown>);
    } else await given;
  } catch (error) {
    expect(error).toBeInstanceOf(OllamaError);
    const { message, hint, code } = error as OllamaError;
    expect(`${message} ${hint}`).not.toContain('secret');
    expect(code, message).toMatch(/^(bad_request|bad_host|bad_modelfile|bad_output|hook_failed|unsupported)$/);
  }
}

describe.each([
  ['/node', createOllama],
  ['/fetch', createOnFetch],
])('on %s, no method breaks over', (_, create: (options: { host: string; retry: false }) => Ollama) => {
  test.each(Object.entries(anything))('%s', async (_, value) => {
    const ollama = create({ host, retry: false });
    for (const method of methods) {
      const call = callOf(ollama, method);
      await settle(() => call(value));
      await settle(() => call(request, value));
      for (const option of ['signal', 'timeouts', 'retry', 'headers', 'onProgress', 'baseDir']) {
        await settle(() => call(request, { [option]: value }));
      }
      for (const field of ['model', 'input', 'messages', 'options', 'format', 'modelfile', 'keep_alive', 'images']) {
        await settle(() => call({ ...request, [field]: value }));
      }
    }
    for (const method of withoutRequest) {
      await settle(() => callOf(ollama, method)(value));
      await settle(() => callOf(ollama, method)({ headers: [[value, value]] }));
    }
    for (const method of ['has', 'upload']) {
      await settle(() => callOf(ollama.blobs, method)(value));
      await settle(() => callOf(ollama.blobs, method)(new Uint8Array(2), value));
    }
    await settle(() => callOf(ollama, 'conversation')(value));
    for (const option of ['system', 'messages', 'tools', 'maxRounds', 'maxTokens', 'format', 'options']) {
      for (const given of [value, [value]]) {
        await settle(() =>
          (callOf(ollama, 'conversation')({ model: 'm', [option]: given }) as never as Talk).send('x'),
        );
      }
    }
    const talk = () => ollama.conversation({ model: 'm' }) as never as Talk;
    await settle(() => talk().send(value));
    await settle(() => talk().send('x', value));
    await settle(() => talk().sendStream([value]));
    await ollama.close();
  });
});

interface Talk {
  send: Call;
  sendStream: Call;
}

describe('a client is created, or the option is rejected by name, for', () => {
  test.each(Object.entries(anything))('%s', async (_, value) => {
    for (const create of [createOllama, createOnFetch, createNeutral]) {
      await settle(() => (create as Call)(value));
      for (const option of [
        'apiKey',
        'headers',
        'timeouts',
        'retry',
        'embedCache',
        'onRequest',
        'onResponse',
        'ca',
        'proxy',
      ]) {
        await settle(async () => {
          const ollama = (create as Call)({ host, retry: false, [option]: value }) as Ollama;
          if (create === createNeutral || option === 'proxy') return;
          await ollama.version();
          await ollama.embed({ model: 'm', input: ['a', 'b'] });
        });
      }
    }
  });

  test.each(['onRequest', 'onResponse', 'host', 'apiKey', 'headers', 'ca', 'proxy', 'embedCache'])(
    'an option %s that is null, as from one that is not given',
    async (option) => {
      const address = option === 'host' ? {} : { host };
      const ollama = createOllama({ ...address, [option]: null } as never);
      if (option !== 'host') await ollama.version();
      await ollama.close();
    },
  );

  test.each([5, [5], {}, () => {}])('ca as text or a list of texts, not %j', async (ca) => {
    const error = await failureOf((async () => createOllama({ ca: ca as never }))());
    expect(error).toMatchObject({ code: 'bad_request', option: 'ca', hint: expect.stringContaining('PEM') });
  });
});

test('an error names what is wrong with a request that cannot be read', async () => {
  await using ollama = createOllama({ host });
  expect(await failureOf(ollama.chat(throwing as never))).toMatchObject({
    code: 'bad_request',
    message: 'The request cannot be read: one of its fields throws an error.',
    cause: new Error('secret'),
  });
  expect(await failureOf(ollama.unload('llama3.2' as never))).toMatchObject({
    hint: expect.stringContaining('model:'),
  });
  expect(await failureOf(ollama.version({ signal: '' as never }))).toMatchObject({ option: 'signal' });
  expect(await failureOf(ollama.create({ model: 'm', modelfile: new Uint8Array(3) as never }))).toMatchObject({
    code: 'bad_request',
    option: 'modelfile',
  });
  const talk = (options: object) => failureOf((async () => ollama.conversation(options as never))());
  expect(await talk({ model: 'm', messages: [null] })).toMatchObject({ code: 'bad_request', field: 'messages' });
  expect(await talk({ model: 'm', messages: 'x' })).toMatchObject({ code: 'bad_request', field: 'messages' });
  expect(await talk({ model: 'm', tools: [{ name: 'x' }] })).toMatchObject({ code: 'bad_request', field: 'tools' });
  expect(await talk({ model: 'm', maxRounds: '5' })).toMatchObject({ code: 'bad_request', option: 'maxRounds' });
});
