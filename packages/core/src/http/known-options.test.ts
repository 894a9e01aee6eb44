import { describe, expect, test } from 'vitest';
import type { CallOptions, CreateOptions, EmbedOptions } from '../options.ts';
import {
  callOptions,
  checkOptions,
  checkOwnNames,
  type OptionKinds,
  readCallOptions,
  readEmbedOptions,
  readTransferOptions,
} from './known-options.ts';

const kinds: OptionKinds = {
  name: 'text',
  size: 'number',
  count: 'count',
  on: 'boolean',
  hook: 'function',
  any: 'anything',
  retry: { attempts: 'number' },
  proxy: 'text',
};

/** What an option is refused with. */
function refusal(given: unknown, of: OptionKinds = kinds): unknown {
  try {
    checkOptions(given as object, of, 'a thing');
  } catch (error) {
    return error;
  }
  return undefined;
}

const hintFor = (name: string, of: OptionKinds) => (refusal({ [name]: 1 }, of) as { hint: string }).hint;

describe('the value of an option', () => {
  test.each<[string, unknown[], unknown[], string]>([
    ['name', ['', 'x'], [5, true, {}, []], 'name takes a text.'],
    ['size', [0, -1, 1.5, Number.POSITIVE_INFINITY], ['5', true, Number.NaN, [5]], 'size takes a number.'],
    ['count', [1, 20], [0, -1, 1.5, Number.NaN, '1', true], 'count takes a whole number, 1 or more.'],
    ['on', [true, false], [0, 'true', {}], 'on takes true or false.'],
    ['hook', [() => {}], [{}, 'x'], 'hook takes a function.'],
    ['any', ['', 0, false, [], {}, () => {}], [], ''],
    ['retry', [{}, { attempts: 1 }, false], [5, true, [], 'x', () => {}], 'retry takes an object with attempts.'],
    ['proxy', ['x', false], [true, 5], 'proxy takes a text.'],
  ])('%s', (option, right, wrong, hint) => {
    for (const value of [undefined, null, ...right]) expect(refusal({ [option]: value })).toBeUndefined();
    for (const value of wrong) {
      const message = `${option} of a thing has a value of the wrong type.`;
      expect(refusal({ [option]: value })).toMatchObject({ code: 'bad_request', message, option, hint });
    }
  });

  test('only retry and proxy can be turned off, and only at the top', () => {
    expect(refusal({ name: false })).toMatchObject({ option: 'name' });
    expect(refusal({ more: { retry: false } }, { more: { retry: 'text' } })).toMatchObject({ option: 'more.retry' });
  });

  test('an option inside another has the path of both', () => {
    expect(refusal({ retry: { attempts: '3' } })).toMatchObject({
      message: 'retry.attempts of a thing has a value of the wrong type.',
      option: 'retry.attempts',
      hint: 'retry.attempts takes a number.',
    });
    expect(refusal({ retry: { attempt: 3 } })).toMatchObject({
      message: 'retry.attempt is not an option of a thing.',
      option: 'retry.attempt',
      hint: 'Did you mean retry.attempts?',
    });
  });
});

test('no options are none', () => {
  for (const given of [undefined, null, {}]) expect(refusal(given)).toBeUndefined();
});

test.each([5, 'x', true, [], () => {}])('options have to be an object: %s', (given) => {
  const error = refusal(given);
  expect(error).toMatchObject({
    code: 'bad_request',
    message: 'The options of a thing are not an object.',
    hint: 'Pass an object with name, size, count, on, hook, any, retry, proxy.',
  });
  expect(error).not.toHaveProperty('option');
});

describe('the hint for an unknown option', () => {
  test.each<[string, OptionKinds, string]>([
    ['base_URL', { host: 'text' }, 'Did you mean host?'],
    ['timeout', { timeouts: {} }, 'Did you mean timeouts.totalMs?'],
    ['heders', { headers: 'text' }, 'Did you mean headers?'],
    [`headers${'x'.repeat(200)}`, { headers: 'text' }, 'Did you mean headers?'],
    // Another option has a similar name, but this one is known.
    ['host', { hosts: 'text' }, 'createOllama takes it.'],
    ['baseURL', { zebra: 'text' }, 'Did you mean host? createOllama takes it.'],
    ['retries', { zebra: 'text', yak: 'text' }, 'There are: zebra, yak.'],
    ['qqqqqq', { zebra: 'text' }, 'There are: zebra.'],
    ['constructor', { zebra: 'text' }, 'There are: zebra.'],
    ['toString', { zebra: 'text' }, 'There are: zebra.'],
  ])('%s', (name, of, hint) => {
    expect(hintFor(name, of)).toBe(hint);
  });
});

test('a name is shown up to 60 characters', () => {
  const name = 'x'.repeat(60);
  expect(refusal({ [name]: 1 })).toMatchObject({ message: `${name} is not an option of a thing.`, option: name });
  expect(refusal({ [`${name}y`]: 1 })).toMatchObject({
    message: `${name}… is not an option of a thing.`,
    option: `${name}…`,
  });
});

test('only camelCase names are our own', () => {
  const check = (given: object) => () => checkOwnNames(given, { maxRounds: 'number' }, 'a conversation');
  expect(check({ maxRounds: 3, new_field: 1, other: 2 })).not.toThrow();
  expect(check({ new_field: 1, maxRound: 3 })).toThrow(
    expect.objectContaining({
      code: 'bad_request',
      message: 'maxRound is not an option of a conversation.',
      option: 'maxRound',
      hint: 'Did you mean maxRounds?',
    }),
  );
});

describe('the options of a call', () => {
  const signal = new AbortController().signal;

  test('are given back as they are', () => {
    for (const given of [{}, { signal }, { signal: undefined, retry: false }, { signal: null }])
      expect(readCallOptions(given as CallOptions)).toBe(given);
    expect(readCallOptions(undefined)).toEqual({});
    expect(readCallOptions(null)).toEqual({});
  });

  test.each([
    ['options that are not an object', 'x', { message: 'The options of a call are not an object.' }],
    ['an unknown one', { signall: signal }, { message: 'signall is not an option of a call.' }],
    ['a controller as the signal', { signal: new AbortController() }, { option: 'signal' }],
    [
      'one that cannot be read',
      {
        get headers() {
          throw new RangeError('no');
        },
      },
      {
        message: 'The options of a call cannot be read: one of its fields throws an error.',
        cause: new RangeError('no'),
      },
    ],
  ])('are refused with %s', (_, given, error) => {
    for (const read of [readCallOptions, readTransferOptions, readEmbedOptions])
      expect(() => read(given as object)).toThrow(expect.objectContaining({ code: 'bad_request', ...error }));
  });

  test('depend on the call', () => {
    const transfer: CreateOptions = { signal, baseDir: '.', onProgress: () => {} };
    expect(readTransferOptions(transfer)).toEqual(transfer);
    const embed: EmbedOptions = { signal, batchSize: 3, embedCache: false };
    expect(readEmbedOptions(embed)).toBe(embed);
    expect(() => readCallOptions(embed)).toThrow(expect.objectContaining({ option: 'batchSize' }));
    expect(() => readEmbedOptions(transfer as object)).toThrow(expect.objectContaining({ option: 'baseDir' }));
    expect(() => readTransferOptions(embed as object)).toThrow(expect.objectContaining({ option: 'batchSize' }));
    expect(Object.keys(callOptions)).toEqual(['signal', 'timeouts', 'retry', 'headers']);
  });

  test('of a transfer are a copy, from which callers may remove some', () => {
    const given = { baseDir: '.' };
    expect(readTransferOptions(given)).not.toBe(given);
    expect(readTransferOptions(null)).toEqual({});
  });
});
