import { networkInterfaces } from 'node:os';
import { type AnyReply, failWith, faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { chat, embed, model, modelOfItem, oneBadOfThree } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

const run = (parameters = chat(), baseUrl = server.host) =>
  engine.run({ parameters, credential: { baseUrl, apiKey: '' } });
const at = () => `POST /api/chat at ${server.host}`;

interface Row {
  name: string;
  reply: () => AnyReply;
  message: () => string | RegExp;
  /** If it is missing, the core's text applies here too. */
  description?: string | RegExp;
  httpCode?: string;
}

/** Failures, and what a person reads in n8n. */
const rows: Row[] = [
  {
    name: 'a model that is not there',
    reply: () => faults.modelNotFound('chat-model'),
    message: () => `model 'chat-model' not found (status 404, ${at()})`,
    description:
      'Choose a model from the list, or pull this one with the operation Model > Pull (ollama pull chat-model).',
    httpCode: '404',
  },
  {
    name: 'an option the server refuses',
    reply: () => failWith(400, 'option "num_ctx" must be of type integer'),
    message: () => `option "num_ctx" must be of type integer (status 400, ${at()})`,
    httpCode: '400',
  },
  {
    name: 'a key that is refused',
    reply: () => faults.unauthorized(),
    message: () => `unauthorized (status 401, ${at()})`,
    description: 'Check Authentication in the credential, or sign in on the server with "ollama signin".',
    httpCode: '401',
  },
  {
    name: 'a runner that crashed',
    reply: () => faults.serverError(),
    message: () => `llama runner process has terminated: exit status 2 (status 500, ${at()})`,
    httpCode: '500',
  },
  {
    name: 'a model that does not fit the memory',
    reply: () => failWith(500, 'model requires more system memory (48.2 GiB) than is available (14.6 GiB)'),
    message: () => /^model requires more system memory/,
    description: /pick a smaller model, or lower the option Context Length/,
    httpCode: '500',
  },
  {
    name: 'a model that only embeds',
    reply: () => failWith(400, '"nomic-embed-text" does not support chat'),
    message: () => /does not support chat/,
    description: /Embedding > Embed, or pick a chat model from the list/,
    httpCode: '400',
  },
  {
    name: 'a model that does not think',
    reply: () => failWith(400, '"llama3.2" does not support thinking'),
    message: () => /does not support thinking/,
    description: /^Remove the option Thinking, or pick a model with "thinking" next to its name/,
    httpCode: '400',
  },
  {
    name: 'a page of something else',
    reply: () => faults.htmlOk(),
    message: () => /a web page, "Sign in to the network"/,
    description: /^Something other than Ollama responds at this address\. .* Base URL in the credential\.$/,
    httpCode: '200',
  },
  {
    name: 'a proxy without a server behind it',
    reply: () => faults.htmlBadGateway(),
    message: () => /a web page, "502 Bad Gateway" \(status 502/,
    httpCode: '502',
  },
  {
    name: 'a redirect, which is not followed',
    reply: () => faults.redirect(307, 'http://elsewhere.test/api/chat'),
    message: () => /redirects to http:\/\/elsewhere\.test\/api\/chat/,
    description: 'Set Base URL in the credential to the address the server redirects to.',
    httpCode: '307',
  },
  {
    name: 'a failure in the middle of the answer',
    reply: () => faults.errorLine(),
    message: () => `an error was encountered while running the model: unexpected EOF (${at()})`,
    description: /pick a smaller model, or lower the option Context Length/,
  },
  {
    name: 'an answer that just ends',
    reply: () => faults.cutWithoutDone(),
    message: () => `The answer ended before it was complete (${at()}).`,
    description: /^The answer was cut off\. Try again/,
  },
  {
    name: 'an answer that is cut in the middle of its body',
    reply: () => faults.closeMidBody(),
    message: () => /^The connection was closed before the answer was complete/,
    description: /^The server closed the connection\./,
  },
  {
    name: 'a connection that breaks before the answer',
    reply: () => faults.resetBeforeHeaders(),
    message: () => /^The connection was closed before the answer was complete \(ECONNRESET/,
    description: /^The server closed the connection\./,
  },
  {
    name: 'a prompt that is too long',
    reply: () => faults.nestedError(),
    message: () => /^request \(10008 tokens\) exceeds the available context size/,
    description: 'Shorten the prompt, or add the option Context Length.',
    httpCode: '400',
  },
];

describe('a person reads the server’s message, and what to do', () => {
  test.each(rows)('$name', async ({ reply, message, description, httpCode }) => {
    server.always.on('*', reply());
    const { status, error, outputs } = await run();
    expect(status).toBe('error');
    expect(outputs).toEqual([]);
    const expected = message();
    if (typeof expected === 'string') expect(error!.message).toBe(expected);
    else expect(error!.message).toMatch(expected);
    if (typeof description === 'string') expect(error!.description).toBe(description);
    else if (description !== undefined) expect(error!.description).toMatch(description);
    expect(error!.context).toMatchObject({ itemIndex: 0 });
    expect(error!.httpCode ?? undefined).toBe(httpCode);
    expect(error!.name).toBe('NodeApiError');
    await server.allClosed();
  });

  test('no server', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    const { error } = await run(chat(), gone.host);
    expect(error!.message).toBe(
      `Cannot connect to Ollama: connection refused (ECONNREFUSED; POST /api/chat at ${gone.host}).`,
    );
    expect(error!.description).toMatch(/Base URL in the credential.*http:\/\/host\.docker\.internal:11434\.$/);
    expect(error!.context).toMatchObject({ itemIndex: 0 });
  });

  test('no server at localhost, which may mean another address', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    const { error } = await run(chat(), gone.host.replace('127.0.0.1', 'localhost'));
    expect(error!.description).toMatch(/localhost is the container itself.*try 127\.0\.0\.1 instead of localhost\.$/);
  });

  const ownAddress = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  test.skipIf(ownAddress === undefined)('no server at the address of another machine', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    const { error } = await run(chat(), gone.host.replace('127.0.0.1', ownAddress!));
    expect(error!.description).toMatch(/OLLAMA_HOST=0\.0\.0\.0 on the server/);
    expect(error!.description).not.toMatch(/Docker|localhost/);
  });

  test('an invalid address', async () => {
    const { error } = await run(chat(), 'ftp://127.0.0.1');
    expect(error).toMatchObject({
      name: 'NodeOperationError',
      message: expect.stringMatching(/scheme other than http/),
    });
    expect(error!.description).toMatch(/^Set Base URL in the credential/);
    const socket = (await run(chat(), 'unix:///run/ollama.sock')).error!;
    expect(socket.message).toMatch(/Unix socket/);
    expect(socket.description).toMatch(/^Set Base URL in the credential/);
  });

  test('an answer that is not the requested JSON', async () => {
    server.chat({ text: 'Sure! Here it is', doneReason: 'length' });
    const { error } = await run(chat({ outputFormat: 'json' }));
    expect(error).toMatchObject({ name: 'NodeOperationError', message: expect.stringMatching(/is not valid JSON/) });
    expect(error!.description).toMatch(/Max Tokens/);
  });

  test('an invalid schema, and no messages: nothing is sent', async () => {
    for (const jsonSchema of ['{ oops', '[]', '"text"']) {
      const { error } = await run(chat({ outputFormat: 'schema', jsonSchema }));
      expect(error).toMatchObject({ message: 'The JSON Schema is not a JSON object', context: { itemIndex: 0 } });
    }
    for (const none of [
      { messages: {} },
      { messages: { values: [{ role: 'system', content: 'Be brief.' }] } },
      { messageSource: 'json', messagesJson: '[]' },
    ])
      expect((await run(chat(none))).error).toMatchObject({
        message: 'There is no message to respond to',
        description: 'Add at least one user message to the node.',
        context: { itemIndex: 0 },
      });
    expect(server.requests).toHaveLength(0);
  });

  test('an operation that does not exist', async () => {
    const { error } = await run(chat({ operation: 'sing' }));
    expect(error!.message).toBe('There is no operation "sing" for the resource "chat"');
    expect(error!.context).toMatchObject({ itemIndex: 0 });
  });

  test('an expression that fails keeps n8n’s message', async () => {
    const { error } = await run(
      chat({ model: { __rl: true, mode: 'name', value: "={{ $('Nowhere').item.json.model }}" } }),
    );
    expect(error).toMatchObject({ name: 'ExpressionError', message: expect.stringMatching(/Nowhere|doesn't exist/) });
    expect(server.requests).toHaveLength(0);
  });

  test('a registry without TLS', async () => {
    const words = 'Get "https://registry.test/v2/x": http: server gave HTTP response to HTTPS client';
    server.pull(failWith(500, words));
    const { error } = await run(model('pull', { model: { __rl: true, mode: 'name', value: 'registry.test/me/x' } }));
    expect(error!.description).toBe('Add the option Insecure if you trust the registry.');
  });

  test('for the other operations too', async () => {
    server.on('POST /api/embed', failWith(501, 'This server does not support embeddings'));
    expect((await run(embed())).error!.message).toMatch(/^This server does not support embeddings/);
    server.on('GET /api/tags', faults.routeNotFound());
    const { error } = await run(model('getAll'));
    expect(error!.message).toMatch(/404 page not found/);
    expect(error!.description).toMatch(/Base URL in the credential/);
  });
});

describe('a model that is not installed', () => {
  const named = (operation: string, more = {}) =>
    model(operation, { model: { __rl: true, mode: 'name', value: 'chat-modl' }, ...more });

  test.each([
    ['delete', {}],
    ['get', {}],
    ['copy', { destination: 'x' }],
  ])('is nothing to pull for %s', async (operation, more) => {
    const { error } = await run(named(operation, more));
    expect(error!.description).toMatch(/^Did you mean chat-model.*Choose a model from the list of those/);
    expect(error!.description).not.toMatch(/pull/i);
  });

  test('should be pulled if the operation needs it', async () => {
    const { error } = await run(named('load'));
    expect(error!.description).toMatch(/the operation Model > Pull \(ollama pull chat-modl\)/);
  });

  test('cannot embed if it chats', async () => {
    server.embed(failWith(400, 'this model does not support embeddings'));
    expect((await run(embed())).error!.description).toMatch(/pick an embedding model from the list/);
  });
});

describe('three items, the second bad', () => {
  const setup = (onError?: 'continueRegularOutput' | 'continueErrorOutput') => ({
    parameters: chat({ model: modelOfItem }),
    credential: { baseUrl: server.host },
    items: oneBadOfThree,
    ...(onError && { onError }),
  });
  const failed = {
    error: expect.stringMatching(/^model 'nope' not found \(status 404, /),
    code: 'model_not_found',
    status: 404,
    hint: expect.stringMatching(/ollama pull nope\)\.$/),
    model: 'nope',
    itemIndex: 1,
  };

  test('ends the workflow at the second', async () => {
    const { status, error } = await engine.run(setup());
    expect(status).toBe('error');
    expect(error!.context).toMatchObject({ itemIndex: 1 });
    expect(server.requestsTo('/api/chat')).toHaveLength(2);
  });

  test('continues in the same output, each item linked to its own input', async () => {
    const { status, outputs } = await engine.run(setup('continueRegularOutput'));
    expect(status).toBe('success');
    expect(outputs[0]).toMatchObject([
      { json: { text: 'Hello from the scripted engine.' }, pairedItem: { item: 0 } },
      { json: failed, pairedItem: { item: 1 } },
      { json: { text: 'Hello from the scripted engine.' }, pairedItem: { item: 2 } },
    ]);
  });

  test('puts the bad one into the error output, with its input', async () => {
    const { status, outputs } = await engine.run(setup('continueErrorOutput'));
    expect(status).toBe('success');
    expect(outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
    expect(outputs[1]).toMatchObject([{ json: failed, pairedItem: { item: 1 } }]);
  });

  test('reports for every item that they could not be ranked', async () => {
    server.embed(faults.serverError('boom'));
    const { outputs } = await engine.run({
      parameters: { ...embed({ text: '={{ $json.text }}' }), operation: 'rank', query: 'q' },
      credential: { baseUrl: server.host },
      items: ['a', 'b', 'c'].map((text) => ({ text })),
      onError: 'continueErrorOutput',
    });
    expect(outputs[0]).toEqual([]);
    expect(outputs[1]).toMatchObject(
      ['a', 'b', 'c'].map((text, item) => ({
        json: { text, code: 'server_error', itemIndex: item },
        pairedItem: { item },
      })),
    );
  });

  test('reports for every item that the server is down', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    const { outputs } = await engine.run({ ...setup('continueRegularOutput'), credential: { baseUrl: gone.host } });
    expect(outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
    for (const { json } of outputs[0]!) {
      expect(json).toMatchObject({
        code: 'refused',
        error: expect.stringMatching(/ECONNREFUSED/),
        hint: expect.stringMatching(/Base URL/),
      });
    }
  });
});
