import type { HeadersLike } from '@ollama-toolbelt/core/neutral';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';
import { secret } from '../fixtures/core/secrets.ts';

class OldHeaders {
  forEach(callback: (value: string, name: string) => void): void {
    callback('a', 'X-One');
    callback('b', 'X-Two');
  }
}

const pairs = (): [string, string][] => [
  ['X-One', 'a'],
  ['x-two', 'b'],
];

const forms: readonly (readonly [name: string, headers: () => unknown])[] = [
  ['an object', () => Object.fromEntries(pairs())],
  ['an object without a prototype', () => Object.assign(Object.create(null), Object.fromEntries(pairs()))],
  ['Headers', () => new Headers(pairs())],
  ['a Map', () => new Map(pairs())],
  ['a list of pairs', pairs],
  ['a frozen list of pairs', () => Object.freeze(pairs().map((pair) => Object.freeze(pair)))],
  ['entries that can be read once', () => new Map(pairs()).entries()],
  ['Headers that cannot be iterated', () => new OldHeaders()],
  ['values that are left out', () => ({ 'x-one': 'a', 'x-two': 'b', 'x-three': undefined, 'x-four': null })],
];

describe.each(transports)('on $transport', ({ createOllama }) => {
  test.each(forms)('%s of a client and of a call arrives', async (_, headers) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, headers: headers() as HeadersLike });
    await ollama.version();
    expect(server.lastRequest.headers).toMatchObject({ 'x-one': 'a', 'x-two': 'b' });
    expect(Object.keys(server.lastRequest.headers)).not.toContain('x-three');
    expect(Object.keys(server.lastRequest.headers)).not.toContain('x-four');
    await using bare = createOllama({ host: server.host, headers: { 'x-one': 'client' } });
    await bare.version({ headers: headers() as HeadersLike });
    expect(server.lastRequest.headers).toMatchObject({ 'x-one': 'a', 'x-two': 'b' });
  });

  test('numbers, lists and repeated headers become one text', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, headers: { 'x-number': 5, 'x-list': ['a', 'b'] } });
    await ollama.version({
      headers: [
        ['x-twice', 'a'],
        ['X-Twice', 'b'],
      ],
    });
    expect(server.lastRequest.headers).toMatchObject({ 'x-number': '5', 'x-list': 'a, b', 'x-twice': 'a, b' });
  });

  test('an omitted header keeps that of the client', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host, apiKey: 'k', headers: { 'x-one': 'client' } });
    await ollama.version({ headers: { 'x-one': undefined, authorization: undefined } });
    expect(server.lastRequest.headers).toMatchObject({ 'x-one': 'client', authorization: 'Bearer k' });
  });

  test.each([
    ['a string', `x-one: ${secret.key}`, undefined],
    ['a number', 5, undefined],
    ['a flat list', ['x-one', secret.key], undefined],
    ['a triple', [['x-one', 'a', secret.key]], undefined],
    ['bytes', new Uint8Array(3), undefined],
    ['an object as a value', { 'x-one': { key: secret.key } }, 'x-one'],
    ['a function as a value', { 'x-one': () => secret.key }, 'x-one'],
    ['a list in a list', { 'x-one': [[secret.key], Symbol('x')] }, 'x-one'],
  ])('%s is refused before anything is sent, and its value is not shown', async (_, headers, header) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    const refused = { code: 'bad_request', retryable: false, ...(header !== undefined && { header }) };
    expect(await failureOf(ollama.version({ headers: headers as HeadersLike }))).toMatchObject(refused);
    const stream = ollama.generateStream({ model: 'chat-model', prompt: 'x' }, { headers: headers as HeadersLike });
    expect(await failureOf(stream)).toMatchObject(refused);
    const making = async () => createOllama({ host: server.host, headers: headers as HeadersLike });
    expect(await failureOf(making())).toMatchObject(refused);
    expect(server.requests).toHaveLength(0);
  });
});
