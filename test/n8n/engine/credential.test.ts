import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { faults, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { selfSigned } from '../../fixtures/core/self-signed.ts';
import { chat } from './parameters.ts';
import { useEngine } from './use-engine.ts';

const { engine, server } = await useEngine();

/** The same server behind a certificate that nobody has signed. */
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
  test('goes as a bearer token', async () => {
    await run({ baseUrl: server.host, authentication: 'bearer', apiKey: ' secret ' });
    expect(server.lastRequest.headers.authorization).toBe('Bearer secret');
  });

  test.each([
    {},
    { authentication: 'none', apiKey: 'left over' },
    { authentication: 'bearer', apiKey: '' },
    { authentication: 'bearer', apiKey: ' ' },
    { authentication: 'basic', user: '', password: '' },
    { authentication: 'headers', headers: '{ "Authorization": "" }' },
  ] as Record<string, string>[])('without a key no header is sent: %j', async (key) => {
    await run({ baseUrl: server.host, ...key });
    expect(server.lastRequest.headers).not.toHaveProperty('authorization');
  });

  test('gives way to a name and password in the address', async () => {
    await run({ baseUrl: server.host.replace('//', '//me:pass@'), authentication: 'bearer', apiKey: 'secret' });
    expect(server.lastRequest.headers.authorization).toBe(`Basic ${btoa('me:pass')}`);
  });

  test('is in no error', async () => {
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

  test('headers of your own, which beat what is in the address', async () => {
    const headers = '{ "CF-Access-Client-Id": "id", "Authorization": "Token t" }';
    const credential = { baseUrl: server.host.replace('//', '//me:pass@'), authentication: 'headers', headers };
    await run(credential);
    expect(server.lastRequest.headers).toMatchObject({ 'cf-access-client-id': 'id', authorization: 'Token t' });
    expect(server.lastRequest.headers['content-type']).toBe('application/json');
    await engine.testCredential(credential);
    expect(server.lastRequest.headers).toMatchObject({ 'cf-access-client-id': 'id', authorization: 'Token t' });
    const { error } = await run({ ...credential, headers: 'X-Api-Key: 1' });
    expect(error!.message).toMatch(/^Headers of the credential is not a JSON object/);
  });

  test('a certificate that nobody has signed is refused, and taken if that is asked for', async () => {
    await using secure = await startSelfSigned(server);
    const { error } = await run({ baseUrl: secure.url });
    expect(error!.message).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT/);
    expect(error!.description).toMatch(/Ignore SSL Issues/);
    expect((await run({ baseUrl: secure.url, ignoreTls: true })).status).toBe('success');
    await expect(engine.testCredential({ baseUrl: secure.url, ignoreTls: true })).resolves.toHaveProperty('models');
  });

  test('for every status that tells something, the credential test says what', () => {
    const rules = engine.credential.test!.rules!.filter(({ type }) => type === 'responseCode');
    expect(rules.map(({ properties }) => (properties as { value: number }).value)).toEqual([
      401, 403, 404, 405, 502, 503, 504,
    ]);
  });
});

/** Ways to write the address of the server, which all mean the same. */
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
      expect(answer).toHaveProperty('models');
      expect(server.lastRequest.path).toBe('/api/tags');
      expect(server.lastRequest.headers.authorization).toBe('Bearer secret');
    });
  },
);

describe('the credential test', () => {
  test('keeps a path before /api', async () => {
    server.on('GET /ollama/api/tags', faults.routeNotFound());
    await expect(engine.testCredential({ baseUrl: `${server.host}/ollama/` })).rejects.toMatchObject({
      httpCode: '404',
    });
    expect(server.lastRequest.path).toBe('/ollama/api/tags');
  });

  test('tells another service by what its answer lacks', async () => {
    const rule = engine.credential.test!.rules!.find(({ type }) => type === 'responseSuccessBody');
    const { key, value } = rule!.properties as { key: string; value: unknown };
    server.on('GET /api/tags', faults.htmlOk());
    const answer = (await engine.testCredential({ baseUrl: server.host })) as Record<string, unknown>;
    expect(answer[key]).toBe(value);
    expect(((await engine.testCredential({ baseUrl: server.host })) as Record<string, unknown>)[key]).not.toBe(value);
  });

  test('fails if there is no server, and on a refused key', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    await expect(engine.testCredential({ baseUrl: gone.host })).rejects.toThrow(/refused the connection/);
    // n8n tries a second time after a 401.
    server.on('GET /api/tags', faults.unauthorized()).on('GET /api/tags', faults.unauthorized());
    await expect(engine.testCredential({ baseUrl: server.host })).rejects.toMatchObject({ httpCode: '401' });
    expect(server.pendingScripts).toBe(0);
  });
});
