import { inspect } from 'node:util';
import { OllamaError } from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { faults, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test, vi } from 'vitest';
import { transports } from '../fixtures/core/clients.ts';
import { failureOf } from '../fixtures/core/failure.ts';

/** Everything that a program may print of an error, including its causes. */
const printed = (error: Error) =>
  [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 10, showHidden: true })].join('\n');

function thrownBy(work: () => unknown): OllamaError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(OllamaError);
    return error as OllamaError;
  }
  throw new Error('nothing was thrown');
}

describe.each(transports)('on $transport', ({ createOllama }) => {
  test.each([
    ['https://user:SEKRET@elsewhere.example/api?x=1#y', 'https://elsewhere.example/api'],
    ['https://user:SEKRET@x@elsewhere.example/', 'https://elsewhere.example/'],
    ['//user:SEKRET@elsewhere.example', 'http://elsewhere.example/'],
    ['https:/user:SEKRET@elsewhere.example/', 'https://elsewhere.example/'],
    ['https://elsewhere.example/?access_token=SEKRET', 'https://elsewhere.example/'],
    ['https://elsewhere.example/#SEKRET', 'https://elsewhere.example/'],
    ['https://user:1234/SEKRET@elsewhere.example/', 'https://…'],
    ['https://user:SEKRET/1@elsewhere.example/', undefined],
    ['SEKRET://elsewhere.example', undefined],
    ['mailto:SEKRET@elsewhere.example', undefined],
  ])('a redirect to %s', async (to, location) => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.on('GET /api/version', faults.redirect(302, to));
    const error = await failureOf(ollama.version());
    expect(error).toMatchObject({ code: 'redirect', status: 302 });
    expect(error.location).toBe(location);
    expect(printed(error)).not.toContain('SEKRET');
  });

  test('a redirect within the server shows its own address', async () => {
    await using server = await startScripted();
    await using ollama = createOllama({ host: server.host });
    server.on('GET /api/version', faults.redirect(302, '/login?next=x'));
    expect((await failureOf(ollama.version())).location).toBe(`${server.host}/login`);
  });
});

describe('the address of a proxy', () => {
  const host = 'http://ollama.example:11434';
  const unreadable = [
    'http://u:1234/SEKRET@proxy',
    'u:1234/SEKRET@proxy',
    'http://u:1234\\SEKRET@proxy',
    'http://u:SEKRET/1@proxy',
    'http://u:SEKRET?@proxy:3128',
    'http://u:1#SEKRET@proxy',
    'http://u:SEKRET@pro xy',
    'http://u:SEKRET@',
    'http://u:SEKRET%zz@proxy:3128',
    'http://u:SEKRET@proxy:99999',
    'http:///u:SEKRET@',
  ];
  test.each(unreadable)('%s is rejected, and not shown', (proxy) => {
    for (const work of [
      () => createOllama({ host, proxy }),
      () => {
        vi.stubEnv('HTTP_PROXY', proxy);
        try {
          return createOllama({ host });
        } finally {
          vi.unstubAllEnvs();
        }
      },
    ]) {
      const error = thrownBy(work);
      expect(error).toMatchObject({ code: 'bad_request', option: 'proxy', hint: expect.stringContaining('%40') });
      expect(error.message).toContain('proxy');
      expect(printed(error)).not.toContain('SEKRET');
    }
  });

  test('that cannot be reached is not shown either', async () => {
    for (const target of [host, 'https://ollama.example']) {
      await using ollama = createOllama({ host: target, proxy: 'http://u:SEKRET@127.0.0.1:1' });
      const error = await failureOf(ollama.version());
      expect(error.code).toBe('refused');
      expect(printed(error)).not.toContain('SEKRET');
      expect(printed(error)).not.toContain(Buffer.from('u:SEKRET').toString('base64'));
    }
  });

  test('is not even read for this machine, which uses no proxy', () => {
    vi.stubEnv('HTTP_PROXY', 'http://u:1234/SEKRET@proxy');
    try {
      expect(createOllama({ host: '127.0.0.1:11434' }).url).toBe('http://127.0.0.1:11434');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
