import { describe, expect, test } from 'vitest';
import { OllamaError, type OllamaErrorOptions, OllamaHttpError } from '../errors/errors.ts';
import type { CallOptions } from '../options.ts';
import type { ClientContext } from './client-context.ts';
import { addNearestModels } from './nearest-models.ts';
import { noLimits } from './slot.ts';

const failed = (more: Partial<OllamaErrorOptions> = {}) =>
  new OllamaHttpError(404, 'not found', { code: 'model_not_found', model: 'poket', route: 'POST /api/show', ...more });

/** What is asked for an error, and the error with its hint. */
async function complete(
  error: unknown,
  answer: unknown,
  call: CallOptions = {},
  signal = new AbortController().signal,
) {
  const asked: { client: ClientContext; call: CallOptions }[] = [];
  const client = { url: 'http://127.0.0.1:11434', maxLineBytes: 5, watch: () => () => {} } as unknown as ClientContext;
  const list = async (client: ClientContext, call: CallOptions) => {
    asked.push({ client, call });
    if (answer instanceof Error) throw answer;
    return answer;
  };
  await addNearestModels(error, client, call, () => signal, list);
  return { asked, error: error as OllamaHttpError };
}

const installed = (...names: unknown[]) => ({ models: names.map((name) => ({ name })) });

const nearest = async (model: string, ...names: unknown[]) =>
  (await complete(failed({ model }), installed(...names))).error.nearestModels;

describe('the installed models are asked for', () => {
  test.each([undefined, 'POST /api/show', 'POST /api/pull/more'])('after %s', async (route) => {
    expect((await complete(failed({ route }), installed())).asked).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['another error', new RangeError('no')],
    ['an error without a response', new OllamaError('no', { code: 'model_not_found', model: 'm' })],
    ['a response with another meaning', failed({ code: 'not_found' })],
    ['a model without a name', failed({ model: '' })],
    ['no model', failed({ model: undefined })],
    ['pull', failed({ route: 'POST /api/pull' })],
    ['push', failed({ route: 'POST /api/push' })],
    ['create', failed({ route: 'POST /api/create' })],
  ])('not after %s', async (_, error) => {
    expect((await complete(error, installed('pocket'))).asked).toEqual([]);
  });

  test('not once the call is cancelled', async () => {
    const { asked, error } = await complete(failed(), installed('pocket'), {}, AbortSignal.abort());
    expect(asked).toEqual([]);
    expect(error.nearestModels).toBeUndefined();
  });

  test('with the headers, the signal and the deadlines of the call, without limits and hooks, once', async () => {
    const { signal } = new AbortController();
    const headers = { a: 'b' };
    const given = { headers, retry: { attempts: 5 }, timeouts: { connectMs: 3, totalMs: 9000 } };
    const { asked } = await complete(failed(), installed(), given, signal);
    expect(asked).toEqual([
      {
        client: { url: 'http://127.0.0.1:11434', limits: noLimits, watch: undefined, maxLineBytes: 4_194_304 },
        call: { headers, signal, retry: false, timeouts: { connectMs: 3, totalMs: 2000 } },
      },
    ]);
  });
});

describe('the error', () => {
  test('gets the most similar names, and a hint before its own', async () => {
    const names = installed('pocket:latest', 'poket2:latest', 'zebra:latest');
    const { error } = await complete(failed({ hint: 'Pull it first.' }), names);
    expect(error.nearestModels).toEqual(['poket2:latest', 'pocket:latest']);
    expect(error.hint).toBe('Did you mean poket2:latest or pocket:latest? Pull it first.');
  });

  test('without a hint gets only that', async () => {
    expect((await complete(failed(), installed('pocket'))).error.hint).toBe('Did you mean pocket?');
  });

  test.each<[string, unknown]>([
    ['a failure', new RangeError('no')],
    ['no answer', undefined],
    ['an answer without models', {}],
    ['models that are not a list', { models: 'pocket' }],
    ['no models', installed()],
    ['no similar model', installed('zebra')],
  ])('stays as it is with %s', async (_, answer) => {
    const { error } = await complete(failed({ hint: 'Pull it first.' }), answer);
    expect(error).not.toHaveProperty('nearestModels');
    expect(error.hint).toBe('Pull it first.');
  });
});

describe('a name', () => {
  test('without a tag means any tag', async () => {
    expect(await nearest('poket', 'pocket:1b', 'zebra:1b', 'pocket:2b')).toEqual(['pocket:1b', 'pocket:2b']);
    const names = ['here:5000/poxxt:1', 'here:5000/pocket:with-a-long-tag'];
    expect(await nearest('here:5000/poket', ...names)).toEqual(names.toReversed());
  });

  test('with a tag is compared with it', async () => {
    expect(await nearest('pocket:2c', 'pocket:latest', 'pocket:1b', 'pocket:2b')).toEqual([
      'pocket:2b',
      'pocket:1b',
      'pocket:latest',
    ]);
  });

  test('that is installed is not suggested', async () => {
    expect(await nearest('pocket', 'pocket:latest', 'Pocket:latest', 'pocket:1b')).toEqual(['pocket:1b']);
  });

  test('is one of three at most', async () => {
    expect(await nearest('poket', ...['1', '2', '3', '4'].map((tag) => `pocket:${tag}`))).toHaveLength(3);
    expect(await nearest('poket', 'pocket1', 'pocket2', 'pocket3', 'pocket4')).toHaveLength(3);
  });

  test('is a text of at most 200 characters', async () => {
    const long = `poket${'x'.repeat(195)}`;
    expect(await nearest('poket', 5, null, `${long}x`, long)).toEqual([long]);
    const models = [null, undefined, 'poket', { name: 'pocket' }];
    expect((await complete(failed(), { models })).error.nearestModels).toEqual(['pocket']);
  });
});
