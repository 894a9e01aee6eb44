/** How keys are found, kept and renewed. Runs in this process, so the tests can set the clock. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accessTokenCheck } from '../../../packages/mcp-server/src/transports/http/oauth/access-token.ts';
import { audience, type Issuer, startIssuer } from '../../fixtures/mcp-http/oauth/issuer.ts';

const MINUTE_MS = 60_000;
const keysPath = '/jwks';
const passes = { grant: { subject: 'ada', scopes: new Set(['ollama:read', 'ollama:run', 'ollama:manage']) } };

let issuer: Issuer;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  issuer = await startIssuer();
});
afterEach(async () => {
  vi.useRealTimers();
  await issuer[Symbol.asyncDispose]();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const askedForKeys = () => issuer.asked.get(keysPath) ?? 0;

describe('keys', () => {
  test('are requested once, and again after ten minutes', async () => {
    const check = accessTokenCheck({ issuer: issuer.url, audience });
    const token = await issuer.sign();
    for (let count = 0; count < 3; count += 1) expect(await check(token)).toEqual(passes);
    later(9 * MINUTE_MS);
    expect(await check(token)).toEqual(passes);
    expect(askedForKeys()).toBe(1);
    later(2 * MINUTE_MS);
    expect(await check(token)).toEqual(passes);
    expect(askedForKeys()).toBe(2);
  });

  test('that are new are found when a token names them, and replace the old ones', async () => {
    const check = accessTokenCheck({ issuer: issuer.url, audience });
    const before = await issuer.sign();
    expect(await check(before)).toEqual(passes);
    await issuer.rotate();
    const after = await issuer.sign();
    // A token may name any key, so unknown keys are not requested every time.
    expect(await check(after)).toEqual({ refused: expect.stringContaining('does not publish') });
    expect(await check(before)).toEqual(passes);
    expect(askedForKeys()).toBe(1);
    later(31_000);
    expect(await check(after)).toEqual(passes);
    expect(await check(before)).toEqual({ refused: expect.stringContaining('does not publish') });
    expect(askedForKeys()).toBe(2);
  });

  test('stay valid for ten minutes if the issuer is down, even if a token names an unknown key', async () => {
    const check = accessTokenCheck({ issuer: issuer.url, audience });
    const token = await issuer.sign();
    expect(await check(token)).toEqual(passes);
    await issuer.stop();
    later(MINUTE_MS);
    const unknown = await issuer.sign({}, { kid: 'unknown' });
    expect(await check(unknown)).toEqual({
      unavailable: expect.stringContaining('its keys cannot be read (ECONNREFUSED)'),
    });
    expect(await check(token)).toEqual(passes);
    later(10 * MINUTE_MS);
    expect(await check(token)).toEqual({ unavailable: expect.stringContaining('ECONNREFUSED') });
    await issuer.start();
    expect(await check(token)).toEqual(passes);
  });
});

describe('metadata', () => {
  /** Only answers at these paths. `$` means its own address. Statuses from 300 on redirect to `/moved`. */
  async function startStatic(answers: Readonly<Record<string, object | number>>) {
    const server = createServer((request, response) => {
      const answer = answers[request.url ?? ''] ?? 404;
      if (typeof answer === 'number') {
        response.writeHead(answer, answer < 400 ? { Location: `${url}/moved` } : {}).end();
        return;
      }
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(answer).replaceAll('$', url));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
  }

  const realm = { issuer: '$/realms/home', jwks_uri: '$/keys' };

  test.each([
    '/.well-known/oauth-authorization-server/realms/home',
    '/.well-known/openid-configuration/realms/home',
    '/realms/home/.well-known/openid-configuration',
  ])('may be at %s', async (path) => {
    await using realms = await startStatic({ [path]: realm, '/keys': { keys: [issuer.publicKey()] } });
    const check = accessTokenCheck({ issuer: `${realms.url}/realms/home`, audience });
    expect(await check(await issuer.sign({ iss: `${realms.url}/realms/home` }))).toEqual(passes);
  });

  const path = '/.well-known/oauth-authorization-server';
  const good = { issuer: '$', jwks_uri: '$/keys' };

  test('with a new key address is read when the known keys are too old', async () => {
    const keys = { keys: [issuer.publicKey()] };
    const answers: Record<string, object> = { [path]: good, '/keys': keys };
    await using server = await startStatic(answers);
    const check = accessTokenCheck({ issuer: server.url, audience });
    const token = await issuer.sign({ iss: server.url });
    expect(await check(token)).toEqual(passes);
    delete answers['/keys'];
    Object.assign(answers, { [path]: { ...good, jwks_uri: '$/other' }, '/other': keys });
    later(11 * MINUTE_MS);
    expect(await check(token)).toEqual({ unavailable: expect.stringContaining('its keys cannot be read') });
    expect(await check(token)).toEqual(passes);
  });

  test('and keys are not read through redirects', async () => {
    const keys = { keys: [issuer.publicKey()] };
    for (const answers of [
      { [path]: 302, '/moved': good, '/keys': keys },
      { [path]: good, '/keys': 302, '/moved': keys },
    ]) {
      await using server = await startStatic(answers);
      const check = accessTokenCheck({ issuer: server.url, audience });
      const token = await issuer.sign({ iss: server.url });
      expect(await check(token)).toEqual({ unavailable: expect.stringContaining('cannot be read') });
    }
  });

  test.each<[string, Record<string, object | number>, string]>([
    ['missing', {}, 'its metadata cannot be read (status 404)'],
    ['of no issuer', { [path]: { jwks_uri: '$/keys' } }, 'it calls itself nothing'],
    ['without keys', { [path]: { issuer: '$' } }, 'its metadata name no safe address of its keys'],
    [
      'with keys over plain HTTP',
      { [path]: { issuer: '$', jwks_uri: 'http://keys.example' } },
      'its metadata name no safe address',
    ],
    ['with missing keys', { [path]: good }, 'its keys cannot be read (Expected 200'],
    ['with invalid keys', { [path]: good, '/keys': {} }, 'its keys cannot be read'],
  ])('that is %s gives an error', async (_, answers, problem) => {
    await using server = await startStatic(answers);
    const check = accessTokenCheck({ issuer: server.url, audience });
    expect(await check(await issuer.sign({ iss: server.url }))).toEqual({
      unavailable: expect.stringContaining(`The issuer ${server.url} cannot be used: ${problem}`),
    });
  });
});
