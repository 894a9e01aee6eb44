import { expect, test } from 'vitest';
import { checkRequest } from './check-request.ts';
import { MAX_NAME } from './name-length.ts';

const fields = ['model', 'name', 'source', 'destination', 'from'];

test.each([undefined, null, 'text', 5, true, () => {}])('a request has to be an object: %s', (request) => {
  expect(() => checkRequest(request)).toThrow(
    expect.objectContaining({
      code: 'bad_request',
      message: 'The request is not an object.',
      hint: 'Pass one object, such as { model: "llama3.2" }.',
    }),
  );
});

test.each(fields)('%s is a name, if it is there', (option) => {
  for (const name of [undefined, '', 'm', 'x'.repeat(MAX_NAME)])
    expect(() => checkRequest({ other: 5, [option]: name })).not.toThrow();
  for (const name of [null, 5, true, {}, ['m']]) {
    expect(() => checkRequest({ [option]: name })).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: `${option} is not text.`,
        hint: 'Pass the name of a model, such as "llama3.2:1b".',
        option,
      }),
    );
  }
  expect(() => checkRequest({ [option]: 'x'.repeat(MAX_NAME + 1) })).toThrow(
    expect.objectContaining({
      code: 'bad_request',
      message: `${option} has 1001 characters, but a model name has at most 1000.`,
      hint: 'Check that it is a name, and not the prompt or a file.',
      option,
    }),
  );
});
