import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { faults, gate, replyJson, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { selfSigned } from '../../fixtures/core/self-signed.ts';
import { holdTimeout } from './held-timeout.ts';
import { chat } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

/** The same server behind a self-signed certificate. */
async function startSelfSigned({ host }: ScriptedServer): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const tunnel = createServer(selfSigned, (client) => {
    const upstream = connect(Number(new URL(host).port), '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    client.pipe(upstream).pipe(client);
  });
  tunnel.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(tunnel.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => tunnel.close(resolve));
    },
  };
}

const run = (credential: { baseUrl: string } & Record<string, string | boolean>) =>
  engine.run({ parameters: chat(), credential });

describe('the key', () => {
  test.each([' secret ', 'Bearer secret', 'bearer  secret\n', 'Authorization: Bearer secret'])(
    'goes as a bearer token: %j',
    async (apiKey) => {
      await run({ baseUrl: server.host, authentication: 'bearer', apiKey });
      expect(server.lastRequest.headers.authorization).toBe('Bearer secret');
    },
  );

  test.each([
    {},
    { authentication: 'none', apiKey: 'left over' },
    { authentication: 'bearer', apiKey: '' },
    { authentication: 'bearer', apiKey: ' ' },
    { authentication: 'bearer', apiKey: 'Bearer ' },
    { authentication: 'basic', user: '', password: '' },
    { authentication: 'headers', headers: '{ "Authorization": "" }' },
    { authentication: 'headers', headers: ' ' },
    { authentication: 'headers', headers: '{ "": "x" }' },
  ] as Record<string, string>[])('without a key no header is sent: %j', async (key) => {
    await run({ baseUrl: server.host });
    const others = Object.keys(server.lastRequest.headers);
    await run({ baseUrl: server.host, ...key });
    expect(Object.keys(server.lastRequest.headers)).toEqual(others);
    expect(others).not.toContain('authorization');
  });

  test('is overridden by a name and password in the address', async () => {
    await run({ baseUrl: server.host.replace('//', '//me:pass@'), authentication: 'bearer', apiKey: 'secret' });
    expect(server.lastRequest.headers.authorization).toBe(`Basic ${btoa('me:pass')}`);
  });

  test('appears in no error', async () => {
    server.chat(faults.unauthorized());
    const { error } = await run({
      baseUrl: server.host.replace('//', '//me:pass@'),
      authentication: 'bearer',
      apiKey: 'secret',
    });
    expect(error!.message).toMatch(/^unauthorized/);
    expect(JSON.stringify(error)).not.toMatch(/secret|pass|bWU6cGFzcw/);
  });
});

describe('other ways to sign in', () => {
  test('a user and a password', async () => {
    await run({ baseUrl: server.host, authentication: 'basic', user: 'me', password: 'pä:ss' });
    expect(server.lastRequest.headers.authorization).toBe(`Basic ${Buffer.from('me:pä:ss').toString('base64')}`);
  });

  test('custom headers, which override the address', async () => {
    const headers = '{ "CF-Access-Client-Id": "id", "Authorization": "Token t" }';
    const credential = { baseUrl: server.host.replace('//', '//me:pass@'), authentication: 'headers', headers };
    await run(credential);
    expect(server.lastRequest.headers).toMatchObject({ 'cf-access-client-id': 'id', authorization: 'Token t' });
    expect(server.lastRequest.headers['content-type']).toBe('application/json');
    expect(await engine.testCredential(credential)).toMatchObject({ status: 'OK' });
    expect(server.lastRequest.headers).toMatchObject({ 'cf-access-client-id': 'id', authorization: 'Token t' });
  });

  test.each([
    ['X-Api-Key: secret', /^Headers of the credential must be a JSON object/],
    ['{ "X-Api-Key": { "value": "secret" } }', /^The header X-Api-Key of the credential is not a string/],
    ['{ "X Api Key": "secret" }', /has an invalid header name/],
    ['{ "X-Api-Key:": "secret" }', /has an invalid header name/],
    [String.raw`{ "X-Api-Key": "sec\nret" }`, /^The header X-Api-Key of the credential has a character/],
    ['{ "X-Api-Key": "secret”" }', /^The header X-Api-Key of the credential has a character/],
  ])('headers that cannot be sent: %s', async (headers, message) => {
    const credential = { baseUrl: server.host, authentication: 'headers', headers };
    const { error } = await run(credential);
    expect(error!.message).toMatch(message);
    expect(error!.description).toBeTruthy();
    expect(JSON.stringify(error)).not.toMatch(/secret/);
    // n8n shows the code of an error instead of its message.
    expect(error).not.toHaveProperty('httpCode', expect.anything());
    expect(await engine.testCredential(credential)).toEqual({
      status: 'Error',
      message: `${error!.message}. ${error!.description}`,
    });
    const { outputs } = await engine.run({ parameters: chat(), credential, onError: 'continueErrorOutput' });
    expect(outputs[1]).toMatchObject([{ json: { code: 'bad_request' } }]);
    expect(server.requests).toHaveLength(0);
  });

  test('headers may have spaces and a line break around them, and come as an object', async () => {
    const sent = { ' X-Api-Key ': ' k\n' };
    for (const headers of [JSON.stringify(sent), sent]) {
      await engine.run({
        parameters: chat(),
        credential: { baseUrl: server.host, authentication: 'headers', headers },
      });
      expect(server.lastRequest.headers).toHaveProperty('x-api-key', 'k');
      server.reset();
    }
  });

  test('empty headers are left out', async () => {
    for (const headers of ['', '{ "X-Api-Key": "", "X-Other": null, "X-Number": 5 }']) {
      expect((await run({ baseUrl: server.host, authentication: 'headers', headers })).status).toBe('success');
      expect(server.lastRequest.headers).not.toHaveProperty('x-api-key');
      expect(server.lastRequest.headers).not.toHaveProperty('x-other');
    }
    expect(server.lastRequest.headers).toHaveProperty('x-number', '5');
  });

  test('a self-signed certificate is rejected, and accepted on request', async () => {
    await using secure = await startSelfSigned(server);
    const { error } = await run({ baseUrl: secure.url });
    expect(error!.message).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT/);
    expect(error!.description).toMatch(/Ignore SSL Issues/);
    expect((await run({ baseUrl: secure.url, ignoreTls: true })).status).toBe('success');
    expect(await engine.testCredential({ baseUrl: secure.url, ignoreTls: true })).toMatchObject({ status: 'OK' });
    expect(await engine.testCredential({ baseUrl: secure.url })).toMatchObject({
      status: 'Error',
      message: expect.stringMatching(/self.signed.*CA Certificate/is),
    });
  });

  test('a certificate of your own authority is trusted, even if it was pasted into one line', async () => {
    await using secure = await startSelfSigned(server);
    for (const ca of [selfSigned.cert, ...[' ', '  '].map((space) => selfSigned.cert.replaceAll('\n', space))]) {
      expect((await run({ baseUrl: secure.url, ca })).status).toBe('success');
      expect(await engine.testCredential({ baseUrl: secure.url, ca })).toMatchObject({ status: 'OK' });
    }
    const bad = await run({ baseUrl: secure.url, ca: 'not a certificate' });
    expect(bad.error!.description).toMatch(/CA Certificate/);
  });

  test("n8n's own Ollama credential, if the node is set to it", async () => {
    const { status } = await engine.run({
      parameters: chat({ authentication: 'ollamaApi' }),
      credential: { baseUrl: server.host, apiKey: 'key' },
    });
    expect(status).toBe('success');
    expect(server.lastRequest.headers.authorization).toBe('Bearer key');
  });
});

/** Equivalent ways to write the server address. */
const addresses = [
  (host: string) => host,
  (host: string) => `${host}/`,
  (host: string) => `${host}/api`,
  (host: string) => `${host}/api/`,
  (host: string) => `${host}/v1`,
  (host: string) => host.replace('http://', ''),
  (host: string) => ` ${host.replace('http', 'HTTP')} `,
];

describe.each(addresses.map((write) => ({ write, example: write('http://h:1') })))(
  'Base URL "$example"',
  ({ write }) => {
    test('reaches the server', async () => {
      const { status } = await run({ baseUrl: write(server.host) });
      expect(status).toBe('success');
      expect(server.lastRequest.path).toBe('/api/chat');
    });

    test('passes the credential test', async () => {
      const answer = await engine.testCredential({
        baseUrl: write(server.host),
        authentication: 'bearer',
        apiKey: 'secret',
      });
      expect(answer.status).toBe('OK');
      expect(server.lastRequest.path).toBe('/api/tags');
      expect(server.lastRequest.headers.authorization).toBe('Bearer secret');
    });
  },
);

test.each([undefined, null, '', ' ', 5, {}])(
  'a Base URL of %j is refused, by the credential test too',
  async (baseUrl) => {
    const { error } = await run({ baseUrl: baseUrl as string });
    expect(error!.message).toBe('The credential has no Base URL.');
    expect(error!.description).toMatch(/^Set Base URL/);
    const { status, message } = await engine.testCredential({ baseUrl: baseUrl as string });
    expect([status, message]).toEqual(['Error', `${error!.message} ${error!.description}`]);
  },
);

test('the credential test says too that n8n cannot connect to a Unix socket', async () => {
  const { error } = await run({ baseUrl: 'unix:///run/ollama.sock' });
  expect(error!.message).toBe('The address is a Unix socket, and n8n cannot connect to those.');
  expect((await engine.testCredential({ baseUrl: 'unix:///run/ollama.sock' })).message).toContain(error!.message);
});

describe('the credential test', () => {
  const testResult = async (baseUrl: string, more: Record<string, string> = {}) => {
    const { status, message } = await engine.testCredential({ baseUrl, ...more });
    return status === 'OK' ? status : message;
  };

  test('keeps a path before /api', async () => {
    server.on('GET /ollama/api/tags', faults.routeNotFound());
    expect(await testResult(`${server.host}/ollama/`)).toMatch(/Base URL in the credential/);
    expect(server.lastRequest.path).toBe('/ollama/api/tags');
  });

  test('recognizes another service by its response', async () => {
    server.on('GET /api/tags', faults.htmlOk());
    expect(await testResult(server.host)).toMatch(/a web page.*Base URL in the credential/s);
    server.on('GET /api/tags', replyJson({ hello: 'I am something else' }, 200));
    expect(await testResult(server.host)).toMatch(/Base URL in the credential/);
    const connected = await engine.testCredential({ baseUrl: server.host });
    expect(connected).toEqual({ status: 'OK', message: 'Connection successful!' });
  });

  test('says what to do if the server is down or rejects the key', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    expect(await testResult(gone.host)).toMatch(/ECONNREFUSED.*host\.docker\.internal/s);
    server.on('GET /api/tags', faults.unauthorized());
    expect(await testResult(server.host, { authentication: 'bearer', apiKey: 'secret' })).toMatch(
      /^unauthorized.*Check Authentication in the credential/s,
    );
    expect(await testResult('http://no such host')).toMatch(/Base URL in the credential/);
    expect(await testResult('http://no-such-host.invalid')).toMatch(/Check the host name/);
    expect(await testResult('')).not.toMatch(/undefined/);
  });

  test('reports a server that does not respond in time', async () => {
    const silence = gate();
    server.on('GET /api/tags', faults.stallBeforeHeaders(silence));
    const deadline = holdTimeout(10_000);
    const result = testResult(server.host);
    await silence.reached;
    deadline.end();
    expect(await result).toMatch(/^The answer was not complete within 10000 ms .*did not respond in time/s);
    silence.release();
  });

  test('reports where a server redirects, and why a proxy has no response', async () => {
    server.on('GET /api/tags', faults.redirect(308, 'http://elsewhere.test/api/tags'));
    expect(await testResult(server.host)).toMatch(/redirects to http:\/\/elsewhere\.test.*Set Base URL/s);
    server.on('GET /api/tags', faults.htmlBadGateway());
    expect(await testResult(server.host)).toMatch(/502 Bad Gateway/);
  });

  test('is run by the nodes, each of which names it', () => {
    for (const name of ['ollamaBelt', 'ollamaBeltChatModel', 'ollamaBeltEmbeddings', 'ollamaBeltTrigger'] as const) {
      const { description, methods } = engine.nodeType(name);
      expect(description.credentials).toMatchObject([
        { name: 'ollamaBeltApi', required: true, testedBy: 'serverAnswers' },
        { name: 'ollamaApi', required: true },
      ]);
      expect(methods!.credentialTest).toHaveProperty('serverAnswers');
      const field = description.properties.find(({ name }) => name === 'authentication');
      expect(field).toMatchObject({ type: 'options', default: 'ollamaBeltApi' });
    }
  });
});

test('the values of custom headers are marked as secret', () => {
  const headers = engine.credential.properties.find(({ name }) => name === 'headers');
  expect(headers).toMatchObject({ type: 'json', typeOptions: { redactJsonLeaves: true } });
});
