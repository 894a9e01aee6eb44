import { describe, expect, test } from 'vitest';
import { callErrors } from '../errors/call-errors.ts';
import { type CallbackBody, pullPiece, type TransportResponse } from '../platform.ts';
import { leaveBody, openBody, type PieceSource } from './transport-response.ts';

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/chat', model: 'm', errors: callErrors };
const ok = { status: 200, headers: {} };

function open(response: unknown) {
  const seen: unknown[] = [];
  const sources: PieceSource[] = [];
  const source = openBody(
    response as TransportResponse,
    facts,
    (of, bytes) => {
      sources.push(of);
      seen.push(bytes);
    },
    (of, cause) => {
      sources.push(of);
      seen.push(cause);
    },
  );
  return { source, seen, sources };
}

const bodyOf = (next: () => unknown) => ({ [Symbol.asyncIterator]: () => ({ next }) });
const settled = () => new Promise(setImmediate);

test.each([
  [undefined, 'returned no response'],
  [null, 'returned no response'],
  ['text', 'returned no response'],
  [{ headers: {}, body: bodyOf(() => {}) }, 'returned a response without a status'],
  [{ status: 200, body: bodyOf(() => {}) }, 'returned a response without headers'],
  [{ status: 200, headers: null, body: bodyOf(() => {}) }, 'returned a response without headers'],
  [{ status: 200, headers: { a: 'b', c: 1 }, body: bodyOf(() => {}) }, 'returned a header that is not text'],
  [{ ...ok }, 'returned a body that is not an async iterable'],
  [{ ...ok, body: [] }, 'returned a body that is not an async iterable'],
])('what is not an answer is an error of the transport: %j', (response, what) => {
  const error = { name: 'OllamaError', code: 'hook_failed', message: expect.stringContaining(what) };
  expect(() => open(response)).toThrow(expect.objectContaining(error));
});

describe('a body', () => {
  test('gives its pieces one by one, on request, and then its end', async () => {
    const pieces = [new Uint8Array([1]), new Uint8Array([2])];
    let asked = 0;
    const { source, seen, sources } = open({
      ...ok,
      headers: { a: 'b' },
      body: bodyOf(() => ({ done: asked >= 2, value: pieces[asked++] })),
    });
    await settled();
    expect(asked).toBe(0);
    for (let turn = 0; turn < 3; turn++) {
      source.pull();
      await settled();
    }
    expect(seen).toEqual([...pieces, undefined]);
    expect(new Set(sources)).toEqual(new Set([source]));
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new RangeError('broken');
      },
    ],
    ['rejects', () => Promise.reject(new RangeError('broken'))],
  ])('that %s has failed with that', async (_, next) => {
    const { source, seen } = open({ ...ok, body: bodyOf(next) });
    source.pull();
    await settled();
    expect(seen).toEqual([new RangeError('broken')]);
  });

  test.each([undefined, {}, { value: 'text' }, { done: false }, { done: false, value: [1] }])(
    'of what is not bytes has failed: %j',
    async (result) => {
      const { source, seen } = open({ ...ok, body: bodyOf(() => result) });
      source.pull();
      await settled();
      expect(seen).toEqual([
        expect.objectContaining({
          code: 'hook_failed',
          message: expect.stringContaining('returned a piece of the body that is not a Uint8Array'),
        }),
      ]);
    },
  );

  test.each([undefined, null, 'text', () => {}])('whose iterator is invalid has failed: %s', async (iterator) => {
    const { source, seen } = open({ ...ok, body: { [Symbol.asyncIterator]: () => iterator } });
    source.pull();
    await settled();
    expect(seen).toEqual([expect.any(TypeError)]);
  });

  test('that offers callbacks is read with them', () => {
    const bytes = new Uint8Array([1]);
    const answers = [
      (onPiece: (bytes: Uint8Array | undefined) => void) => onPiece(bytes),
      (_: unknown, onFailure: (error: unknown) => void) => onFailure(new RangeError('broken')),
    ];
    const body = {
      [Symbol.asyncIterator]: () => body,
      [pullPiece](...callbacks) {
        answers.shift()?.(...callbacks);
      },
      next: () => Promise.reject(new Error('never asked')),
    } as CallbackBody;
    const { source, seen } = open({ ...ok, body });
    expect(source.iterator).toBe(body);
    source.pull();
    source.pull();
    expect(seen).toEqual([bytes, new RangeError('broken')]);
  });
});

test('leaving a body ends it, however that fails', async () => {
  const left: string[] = [];
  const iterator = (end?: () => unknown) => ({ next: () => {}, ...(end && { return: end }) }) as never;
  leaveBody(iterator());
  leaveBody(iterator(() => left.push('left')));
  leaveBody(
    iterator(() => {
      throw new RangeError('at once');
    }),
  );
  leaveBody(iterator(() => Promise.reject(new RangeError('later'))));
  await settled();
  expect(left).toEqual(['left']);
});
