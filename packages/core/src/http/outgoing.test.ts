import { expect, test } from 'vitest';
import { routes } from '../wire/routes.ts';
import { modelOf, outgoing } from './outgoing.ts';

test('a request is the text of its body, with the model it is about', () => {
  const { route, model, body } = outgoing(routes.show, { model: 'm', verbose: true });
  expect(route).toBe(routes.show);
  expect(model).toBe('m');
  expect(JSON.parse(body as string)).toMatchObject({ model: 'm', verbose: true });
});

test('a GET has none', () => {
  expect(outgoing(routes.version, undefined)).toEqual({ route: routes.version });
});

test.each([undefined, null, 'm'])('without an object there is no request: %j', (request) => {
  expect(() => outgoing(routes.show, request as undefined)).toThrow(
    expect.objectContaining({ code: 'bad_request', message: 'The request is not an object.' }),
  );
});

test('a request that cannot be read is refused', () => {
  const request = {
    get model() {
      throw new RangeError('no');
    },
  };
  expect(() => outgoing(routes.show, request)).toThrow(
    expect.objectContaining({
      code: 'bad_request',
      message: 'The request cannot be read: one of its fields throws an error.',
      cause: new RangeError('no'),
    }),
  );
});

test.each([
  [{ model: 'a', name: 'b', source: 'c' }, 'a'],
  [{ name: 'b', source: 'c' }, 'b'],
  [{ source: 'c' }, 'c'],
  [{}, undefined],
  [{ model: 5 }, undefined],
])('the model of %j is %s', (request, model) => {
  expect(modelOf(request)).toBe(model);
});
