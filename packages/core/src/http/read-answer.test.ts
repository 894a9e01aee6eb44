import { expect, test } from 'vitest';
import type { CallOptions } from '../options.ts';
import type { TransportRequest } from '../platform.ts';
import type { Route } from '../wire/route.ts';
import type { Failures } from './client-context.ts';
import { createClientContext } from './create-context.ts';
import { listModels, readAnswer } from './read-answer.ts';

const route: Route = { method: 'GET', path: '/api/x', answer: 'whole' };
const call: CallOptions = { timeouts: { totalMs: 0 } };

/** A client whose only answer has this body, in one piece for each text. */
function clientOf(
  body: readonly (string | Uint8Array)[],
  type: string | undefined = 'application/json',
  maxLineBytes = 1000,
) {
  const seen = { requests: [] as TransportRequest[], isLeft: false, isCancelled: false };
  const client = createClientContext({
    transport: async (request, signal) => {
      seen.requests.push(request);
      signal.addEventListener('abort', () => {
        seen.isCancelled = true;
      });
      return { status: 200, headers: type === '' ? {} : { 'content-type': type }, body: pieces() };
    },
    sleep: async () => {},
    timer: () => () => {},
    now: () => 0,
    maxLineBytes,
  });
  async function* pieces() {
    try {
      for (const piece of body) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
    } finally {
      seen.isLeft = true;
    }
  }
  return { client, seen };
}

const answerOf = (more: Partial<Route>, ...given: Parameters<typeof clientOf>) =>
  readAnswer(clientOf(...given).client, { route: { ...route, ...more } }, call);

test('an answer is the value of its JSON, whatever its pieces', async () => {
  const { client, seen } = clientOf(['{"a":', '[1', ',2]}']);
  expect(await readAnswer(client, { route }, call)).toEqual({ a: [1, 2] });
  expect(seen).toMatchObject({ isLeft: true, isCancelled: false });
});

test('an empty answer is an empty object, if the route has one', async () => {
  expect(await answerOf({ answer: 'empty' }, [])).toEqual({});
  expect(await answerOf({ answer: 'empty' }, [' \n'])).toEqual({});
  expect(await answerOf({ answer: 'empty' }, ['{"a":1}'])).toEqual({ a: 1 });
  await expect(answerOf({ answer: 'empty' }, ['{"error":"boom"}'])).rejects.toMatchObject({ code: 'stream_error' });
  await expect(answerOf({}, [' \n'])).rejects.toMatchObject({ code: 'truncated' });
});

test('a list that the server wrote as null is an empty one', async () => {
  expect(await answerOf({ list: 'models' }, ['{"a":1,"models":null}'])).toEqual({ a: 1, models: [] });
  expect(await answerOf({ list: 'models' }, ['{"models":[1]}'])).toEqual({ models: [1] });
  expect(await answerOf({ list: 'models' }, ['{"a":null}'])).toEqual({ a: null });
  expect(await answerOf({}, ['{"models":null}'])).toEqual({ models: null });
});

test('the installed models come from their route', async () => {
  const { client, seen } = clientOf(['{"models":null}']);
  expect(await listModels(client, call)).toEqual({ models: [] });
  expect(seen.requests).toMatchObject([{ method: 'GET', url: 'http://127.0.0.1:11434/api/tags' }]);
});

test('an answer may be as long as maxLineBytes', async () => {
  expect(await answerOf({}, ['{"a"', ':1}'], undefined, 7)).toEqual({ a: 1 });
  const { client, seen } = clientOf(['{"a"', ':12}', ' '], undefined, 7);
  await expect(readAnswer(client, { route }, call)).rejects.toMatchObject({ code: 'line_too_long', maxBytes: 7 });
  expect(seen).toMatchObject({ isLeft: true, isCancelled: true });
});

test.each<[string, readonly (string | Uint8Array)[], string | undefined, object]>([
  ['ends too early', ['{"a":'], undefined, { code: 'truncated' }],
  ['ends in a character', ['{"a":"', new Uint8Array([0xc3])], undefined, { code: 'truncated' }],
  ['is not JSON', ['nonsense'], undefined, { code: 'bad_line', line: 1, characters: 8 }],
  ['is a text', ['nonsense'], 'text/plain', { code: 'wrong_server', status: 200 }],
  [
    'has no type',
    ['nonsense'],
    '',
    { code: 'wrong_server', status: 200, message: expect.stringContaining('nonsense') },
  ],
])('an answer that %s is an error', async (_, body, type, error) => {
  await expect(answerOf({}, body, type)).rejects.toMatchObject(error);
});

test('a failure is completed with what is known of the call', async () => {
  const { client } = clientOf(['nonsense']);
  const completed: Parameters<Failures['complete']>[] = [];
  client.failures = {
    ...client.failures,
    complete: async (...given) => {
      completed.push(given);
      return new RangeError('completed');
    },
  };
  await expect(readAnswer(client, { route }, call)).rejects.toThrow('completed');
  expect(completed).toEqual([[expect.objectContaining({ code: 'bad_line' }), client, call, expect.any(Function)]]);
  expect(completed[0]?.[3]()).toBeInstanceOf(AbortSignal);
});
