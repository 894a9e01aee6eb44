import { faults, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { chat } from './parameters.ts';

let engine: Engine;
let server: ScriptedServer;

beforeAll(async () => {
  [engine, server] = await Promise.all([Engine.start(), startScripted()]);
});
afterEach(() => server.reset());
afterAll(async () => {
  await server.close();
  await engine[Symbol.asyncDispose]();
});

const run = (credential: { baseUrl: string; apiKey?: string }) => engine.run({ parameters: chat(), credential });

describe('the key', () => {
  test('goes as a bearer token', async () => {
    await run({ baseUrl: server.host, apiKey: ' secret ' });
    expect(server.lastRequest.headers.authorization).toBe('Bearer secret');
  });

  test.each([{}, { apiKey: '' }, { apiKey: ' ' }])('is no header at all where there is none: %j', async (key) => {
    await run({ baseUrl: server.host, ...key });
    expect(server.lastRequest.headers).not.toHaveProperty('authorization');
  });

  test('gives way to a name and password in the address', async () => {
    await run({ baseUrl: server.host.replace('//', '//me:pass@'), apiKey: 'secret' });
    expect(server.lastRequest.headers.authorization).toBe(`Basic ${btoa('me:pass')}`);
  });

  test('is in no error', async () => {
    server.chat(faults.unauthorized());
    const { error } = await run({ baseUrl: server.host.replace('//', '//me:pass@'), apiKey: 'secret' });
    expect(error!.message).toMatch(/^unauthorized/);
    expect(JSON.stringify(error)).not.toMatch(/secret|pass|bWU6cGFzcw/);
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
      const answer = await engine.testCredential({ baseUrl: write(server.host), apiKey: 'secret' });
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
    const [rule] = engine.credential.test!.rules!;
    const { key, value } = rule!.properties as { key: string; value: unknown };
    server.on('GET /api/tags', faults.htmlOk());
    const answer = (await engine.testCredential({ baseUrl: server.host })) as Record<string, unknown>;
    expect(answer[key]).toBe(value);
    expect(((await engine.testCredential({ baseUrl: server.host })) as Record<string, unknown>)[key]).not.toBe(value);
  });

  test('fails where there is no server, and on a refused key', async () => {
    await using gone = await startScripted();
    await gone.refuse();
    await expect(engine.testCredential({ baseUrl: gone.host })).rejects.toThrow(/refused the connection/);
    // n8n tries a second time after a 401.
    server.on('GET /api/tags', faults.unauthorized()).on('GET /api/tags', faults.unauthorized());
    await expect(engine.testCredential({ baseUrl: server.host })).rejects.toMatchObject({ httpCode: '401' });
    expect(server.pendingScripts).toBe(0);
  });
});
