import { expect, test } from 'vitest';
import { callErrors } from '../errors/call-errors.ts';
import type { Route } from '../wire/route.ts';
import { checkLine } from './check-line.ts';

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/chat', model: 'm', errors: callErrors };
const route: Route = { method: 'POST', path: '/api/chat', answer: 'chunks' };

const check = (value: unknown, more: Partial<Route> = {}) =>
  checkLine(value, 5, { route: { ...route, ...more } }, facts);

test('a line is the object itself', () => {
  for (const line of [{}, { error: undefined }, { error: null }, { error: '' }, { done: true }])
    expect(check(line)).toBe(line);
});

test.each([undefined, null, 'text', 5, true, [], [{}]])('%j is not a line', (value) => {
  expect(() => check(value)).toThrow(
    expect.objectContaining({
      code: 'bad_line',
      message: 'A line of the answer is not a JSON object (POST /api/chat at http://127.0.0.1:11434).',
    }),
  );
});

test.each(['boom', { message: 'boom' }])('a line with an error fails with it: %j', (error) => {
  const shape = () => 'never asked';
  expect(() => check({ error }, { shape })).toThrow(
    expect.objectContaining({ code: 'stream_error', message: expect.stringContaining('boom') }),
  );
});

test.each([0, false, true, {}])('an error in another form is one too: %j', (error) => {
  expect(() => check({ error })).toThrow(expect.objectContaining({ code: 'stream_error' }));
});

test('the route checks the fields, and knows the length of the text', () => {
  const asked: unknown[] = [];
  const line = { done: true };
  const shape = (...given: unknown[]) => void asked.push(given);
  expect(check(line, { shape })).toBe(line);
  expect(asked).toEqual([[line, 5]]);
  expect(() => check(line, { shape: () => 'done is not there' })).toThrow(
    expect.objectContaining({
      code: 'bad_line',
      message: expect.stringContaining('does not have the shape of the API: done is not there'),
    }),
  );
});
