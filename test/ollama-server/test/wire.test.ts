import { expect, test } from 'vitest';
import { startScripted } from '../src/index.ts';
import { parseModelName, shortName } from '../src/store/model-name.ts';
import { decodeBody } from '../src/wire/decode.ts';
import { parseGoDuration, parseKeepAlive } from '../src/wire/go-duration.ts';
import { parseFirstValue } from '../src/wire/go-scan.ts';

const outcome = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  ['{"a":1} trailing', { a: 1 }],
  ['', undefined],
  ['{', 'unexpected EOF'],
  ['{"a"', 'unexpected EOF'],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{a}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['-a', "invalid character 'a' in numeric literal"],
  ['1.e', "invalid character 'e' after decimal point in numeric literal"],
])('reads %j as Go does', (text, expected) => {
  const result = outcome(() => parseFirstValue(text));
  expect(typeof result === 'object' ? (result as { value: unknown }).value : result).toEqual(expected);
});

test.each([
  ['1h30m', 5_400_000],
  ['300ms', 300],
  ['-1m', -60_000],
  ['0', 0],
  ['1.5s', 1500],
  ['300', 'time: missing unit in duration "300"'],
  ['soon', 'time: invalid duration "soon"'],
  ['', 'time: invalid duration ""'],
  ['5x', 'time: unknown unit "x" in duration "5x"'],
])('reads the duration %j', (text, expected) => {
  expect(outcome(() => parseGoDuration(text))).toBe(expected);
});

test('keep_alive is seconds, forever, or nothing', () => {
  expect([300, 0.5, -1, 0, '5m', '-1m'].map(parseKeepAlive)).toEqual([300_000, 500, Infinity, 0, 300_000, Infinity]);
});

test.each([
  ['{"MODEL":"x","nonsense":1}', { model: 'x' }],
  ['{"name":"x"}', { name: 'x', model: 'x' }],
  ['{"model":null}', { model: '' }],
  ['[]', 'json: cannot unmarshal array into Go value of type api.ShowRequest'],
  ['{"model":5}', 'json: cannot unmarshal number into Go struct field ShowRequest.model of type string'],
  [
    '{"model":"x","verbose":"yes","system":1}',
    'json: cannot unmarshal string into Go struct field ShowRequest.verbose of type bool',
  ],
  [
    '{"options":[]}',
    'json: cannot unmarshal array into Go struct field ShowRequest.options of type map[string]interface {}',
  ],
])('decodes %s', (text, expected) => {
  expect(outcome(() => decodeBody(text, 'ShowRequest'))).toEqual(expected);
});

test.each([
  ['llama3.2', 'llama3.2:latest'],
  ['registry.ollama.ai/library/pocket:1m', 'pocket:1m'],
  ['https://example.com:5000/me/model', 'example.com:5000/me/model:latest'],
  ['me/model', 'me/model:latest'],
  ['bad name!', undefined],
  ['a/b/c/d', undefined],
  ['', undefined],
  [':tag', undefined],
])('reads the name %j', (text, expected) => {
  const name = parseModelName(text);
  expect(name && shortName(name)).toBe(expected);
});

test('accepts the hosts and origins that Ollama does, and no others', async () => {
  await using server = await startScripted();
  const { request } = await import('node:http');
  const status = (headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      request(`${server.host}/api/version`, { headers }, (reply) => resolve(reply.resume().statusCode!)).end();
    });
  const allowed: Record<string, string>[] = [
    { host: 'localhost:1' },
    { host: '[::1]:1' },
    { host: 'host.docker.internal' },
    { host: '192.168.1.5:80' },
    { origin: 'http://localhost:5173' },
    { origin: 'app://obsidian.md' },
  ];
  const refused: Record<string, string>[] = [
    { host: 'evil.example' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ];
  for (const headers of allowed) expect(await status(headers), JSON.stringify(headers)).toBe(200);
  for (const headers of refused) expect(await status(headers), JSON.stringify(headers)).toBe(403);
});
