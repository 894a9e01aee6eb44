import { expect, test } from 'vitest';
import * as z from 'zod';
import { requestBody } from './request-body.ts';
import type { Route } from './route.ts';

const route = (answer: Route['answer']): Route => ({ method: 'POST', path: '/api/x', answer });
const body = (request: object, answer: Route['answer'] = 'whole') => JSON.parse(requestBody(route(answer), request));

test('a plain request is sent unchanged', () => {
  const request = { model: 'm', prompt: 'Hi', keep: null, images: 'x', messages: 5, options: null, parameters: null };
  expect(body(request)).toEqual(request);
  expect(Object.keys(body({ model: 'm' }))).toEqual(['model']);
});

test.each([
  ['chunks', true],
  ['progress', true],
  ['whole', undefined],
  ['empty', undefined],
] as const)('an answer of %s is asked for as a stream: %s', (answer, stream) => {
  expect(body({ stream: undefined }, answer).stream).toBe(stream);
  expect(body({ stream: false }, 'chunks').stream).toBe(true);
});

test('values in other common forms are converted to what the server accepts', () => {
  expect(
    body({ keep_alive: '300', raw: 'true', options: { num_ctx: '2048' }, parameters: { stop: 'x' }, format: 'JSON' }),
  ).toEqual({
    keep_alive: 300,
    raw: true,
    options: { num_ctx: 2048 },
    parameters: { stop: ['x'] },
    format: 'json',
  });
  expect(body({ keep_alive: ' ', format: ' ' })).toEqual({});
  expect(body({ format: null })).toEqual({ format: null });
});

test('a format may be a schema, and references to its root are expanded', () => {
  const format = { type: 'object', properties: { inner: { $ref: '#' } } };
  expect(JSON.stringify(body({ format }))).not.toContain('"#"');
  expect(body({ format: z.object({ a: z.string() }) }).format).toMatchObject({ properties: { a: { type: 'string' } } });
});

test.each([
  ['base64', 'aGk=', 'aGk='],
  ['a data URL', 'data:image/png;base64,aGk=', 'aGk='],
  ['text that only looks like one', 'xdata:image/png,aGk=', 'xdata:image/png,aGk='],
  ['bytes', Uint8Array.of(104, 105), 'aGk='],
  ['some of the bytes', Uint8Array.of(0, 104, 105, 0).subarray(1, 3), 'aGk='],
  ['a buffer', Uint8Array.of(104, 105).buffer, 'aGk='],
  ['another view', new DataView(Uint8Array.of(0, 104, 105).buffer, 1), 'aGk='],
  ['no image', { a: 1 }, { a: 1 }],
])('an image that is %s', (_, image, wire) => {
  expect(body({ images: [image], messages: [{ role: 'user', images: [image] }, null, { images: 'x' }] })).toEqual({
    images: [wire],
    messages: [{ role: 'user', images: [wire] }, null, { images: 'x' }],
  });
});

test('a value that JSON cannot express is rejected', () => {
  const circle: Record<string, unknown> = {};
  circle['circle'] = circle;
  for (const request of [circle, { n: 1n }]) {
    expect(() => requestBody(route('whole'), request)).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: 'The request cannot be written as JSON.',
        hint: expect.stringContaining('BigInt'),
        cause: expect.any(TypeError),
      }),
    );
  }
});
