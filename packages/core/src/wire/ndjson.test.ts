import { describe, expect, test } from 'vitest';
import { callErrors } from '../errors/call-errors.ts';
import { OllamaStreamError } from '../errors/errors.ts';
import { isCutJson, LineReader } from './ndjson.ts';

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/chat', model: 'm', errors: callErrors };
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The values of a stream that comes in these pieces. */
function read(pieces: readonly (string | Uint8Array)[], maxLineBytes = 1000): unknown[] {
  const reader = new LineReader(maxLineBytes, facts);
  const values: unknown[] = [];
  const take = (value: unknown) => values.push(value) > 0;
  for (const piece of pieces) reader.push(typeof piece === 'string' ? bytesOf(piece) : piece, take);
  reader.end(take);
  return values;
}

/** The values before the failure, and the failure. */
function readUntilError(pieces: readonly (string | Uint8Array)[], maxLineBytes = 1000) {
  const reader = new LineReader(maxLineBytes, facts);
  const values: unknown[] = [];
  const take = (value: unknown) => values.push(value) > 0;
  try {
    for (const piece of pieces) reader.push(typeof piece === 'string' ? bytesOf(piece) : piece, take);
    reader.end(take);
  } catch (error) {
    if (!(error instanceof OllamaStreamError)) throw error;
    return { values, error };
  }
  throw new Error('no line was refused');
}

describe('lines', () => {
  test.each([
    ['one line per chunk', ['{"a":1}\n', '{"a":2}\n']],
    ['several lines per chunk', ['{"a":1}\n{"a":2}\n']],
    ['split in the middle', ['{"a"', ':1}', '\n{"a":', '2}\n']],
    ['split before the line end', ['{"a":1}', '\n', '{"a":2}', '\n']],
    ['with CRLF', ['{"a":1}\r\n{"a":2}\r\n']],
    ['with CRLF split in two', ['{"a":1}\r', '\n{"a":2}\r', '\n']],
    ['with blank lines', ['\n\n{"a":1}\n', '\n', ' \t\r\n', '{"a":2}\n\n']],
    ['with a byte order mark', ['\ufeff{"a":1}\n{"a":2}\n']],
    ['without a last line end', ['{"a":1}\n{"a":2}']],
    ['with surrounding white space', ['  {"a":1}  \n\t{"a":2}\t']],
    ['with empty chunks', ['', '{"a":1}\n', '', '{"a":2}\n', '']],
  ])('%s', (_, pieces) => {
    expect(read(pieces)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('a byte order mark that arrives byte by byte', () => {
    expect(read([Uint8Array.of(0xef), Uint8Array.of(0xbb), Uint8Array.of(0xbf), '1\n'])).toEqual([1]);
  });

  test('an empty body has no values', () => {
    expect(read([])).toEqual([]);
    expect(read([''])).toEqual([]);
    expect(read(['\n \r\n'])).toEqual([]);
  });

  test('a truncated last line has no value', () => {
    // The last quote is part of the text.
    expect(read(['1\n{"a":"b\\"}'])).toEqual([1]);
    expect(read(['1\n{"a":"b\\\\\\"}'])).toEqual([1]);
    expect(read(['1\n{"a":', '"b'])).toEqual([1]);
    expect(read(['1\n"a', Uint8Array.of(0xe2, 0x82)])).toEqual([1]);
  });

  test('any JSON value is a line', () => {
    expect(read(['null\n0\n""\n[1]\n'])).toEqual([null, 0, '', [1]]);
  });

  test('a Unicode line separator does not end a line', () => {
    expect(read(['"a\u2028b\u2029c\u0085d"\n'])).toEqual(['a\u2028b\u2029c\u0085d']);
  });

  test('a character may be split at any of its bytes', () => {
    const value = { text: 'é € 😀 한국어 🇨🇭', escaped: '\ud83d\ude00' };
    const bytes = bytesOf(`${JSON.stringify(value).replaceAll('😀', '\\ud83d\\ude00')}\n`);
    for (let at = 0; at <= bytes.length; at++) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([value]);
    }
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([value]);
  });
});

describe('a bad line', () => {
  test.each([
    ['no JSON', '{"secret": oops}\n', 'Line 2 of the answer is not valid JSON (16 characters)'],
    ['cut off by a line end', '{"secret":\n1}\n', 'Line 2 of the answer is not valid JSON (10 characters)'],
    ['two values', '{"secret":1}{"secret":2}\n', 'Line 2 of the answer is not valid JSON (24 characters)'],
    ['invalid JSON at the end', '{"secret"}', 'Line 2 of the answer is not valid JSON (10 characters)'],
  ])('%s: is an error, after the values before it', (_, line, message) => {
    for (const pieces of [[`{"a":1}\n${line}`], ['{"a":1}\n', line], [...`{"a":1}\n${line}`]]) {
      const { values, error } = readUntilError(pieces);
      expect(values).toEqual([{ a: 1 }]);
      expect(error).toMatchObject({ code: 'bad_line', phase: 'body', model: 'm', retryable: false });
      expect(error.message).toBe(`${message} (POST /api/chat at http://127.0.0.1:11434).`);
      expect(error.hint).toBeTruthy();
      expect(error.cause).toBeUndefined();
      expect(`${error.stack}`).not.toContain('secret');
    }
  });

  test.each([
    ['a wrong byte', [0x22, 0xc3, 0x28, 0x22, 0x0a]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22, 0x0a]],
  ])('invalid UTF-8: %s', (_, bytes) => {
    for (const pieces of [[Uint8Array.from(bytes)], bytes.map((byte) => Uint8Array.of(byte))]) {
      const { error } = readUntilError(pieces);
      expect(error).toMatchObject({ code: 'bad_line', phase: 'body', model: 'm' });
      expect(error.message).toContain('UTF-8 (POST /api/chat at ');
    }
  });
});

describe('the longest line', () => {
  const line = JSON.stringify('é'.repeat(49));
  const limit = 100;

  test('may have as many bytes as the limit, however it is split', () => {
    expect(bytesOf(line).length).toBe(limit);
    const bytes = bytesOf(`1\n${line}\n${line}`);
    for (let size = 1; size <= bytes.length; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(read(pieces, limit)).toHaveLength(3);
    }
  });

  test('one byte more is an error, after the lines before it', () => {
    for (const end of ['\n', '\n2\n', '']) {
      const bytes = bytesOf(`1\n${line} ${end}`);
      for (let size = 1; size <= bytes.length; size++) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        const { values, error } = readUntilError(pieces, limit);
        expect(values).toEqual([1]);
        expect(error).toMatchObject({ code: 'line_too_long', phase: 'body', model: 'm', retryable: false });
        expect(error.message).toContain('longer than 100 bytes (maxLineBytes) (POST /api/chat at ');
        expect(error.hint).toContain('maxLineBytes');
      }
    }
  });

  test.each([[1000], [3]])('reading stops when no more is wanted, limit %d', (limit) => {
    const reader = new LineReader(limit, facts);
    const values: unknown[] = [];
    reader.push(bytesOf('1\n2\nnot JSON\n'), (value) => values.push(value) < 2);
    expect(values).toEqual([1, 2]);
  });

  test('many lines in one piece may together be longer than the limit', () => {
    expect(read([`${'"12345"\n'.repeat(1000)}`], 7)).toHaveLength(1000);
  });

  test('32 MiB are read in linear time', () => {
    const piece = new Uint8Array(64 * 1024).fill(0x61);
    const cpuMsOf = (count: number) => {
      const reader = new LineReader(64 * 1024 * 1024, facts);
      const begin = process.cpuUsage();
      const values: unknown[] = [];
      const take = (value: unknown) => values.push(value) > 0;
      reader.push(bytesOf('"'), take);
      for (let index = 0; index < count; index++) reader.push(piece, take);
      reader.push(bytesOf('"\n'), take);
      expect((values[0] as string).length).toBe(count * piece.length);
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    };
    cpuMsOf(64);
    const small = cpuMsOf(64) + cpuMsOf(64) + cpuMsOf(64);
    // Eight times the bytes; a quadratic reader takes 64 times as long, about 40 s. Load from other programs only adds
    // to it.
    const isLinear = () => cpuMsOf(512) < 24 * (small / 3) + 200;
    expect([1, 2, 3].some(isLinear)).toBe(true);
  });
});

describe('the beginning of a truncated text', () => {
  test('every prefix of an object counts as truncated', () => {
    const text = JSON.stringify({ models: [{ name: 'a "b" \\', size: 1.5e9, none: null }, {}], done: true });
    for (let end = 0; end < text.length; end++) expect(isCutJson(text.slice(0, end)), text.slice(0, end)).toBe(true);
  });

  test.each(['{"a": oops}', '{"a":1}}', 'Ollama is running', '{"a":"}"}'])('%j is not', (text) => {
    expect(isCutJson(text)).toBe(false);
  });
});

describe('what an error says', () => {
  test('of a line that is not JSON: which one, and how long', () => {
    const { error } = readUntilError(['1\n\n2\n{oops\n']);
    expect(error).toMatchObject({ code: 'bad_line', line: 3, characters: 5, phase: 'body' });
    expect(error.message).toContain('Line 3 of the answer is not valid JSON (5 characters)');
    // The message of a SyntaxError quotes the line, which is a user's text.
    expect(error.cause).toBeUndefined();
  });

  test('of bytes that are not text: the reason', () => {
    const { error } = readUntilError([Uint8Array.of(0x31, 0x0a, 0xff, 0x0a)]);
    expect(error).toMatchObject({ code: 'bad_line', cause: expect.any(TypeError) });
    expect(error.message).toContain('The answer is not valid UTF-8');
  });

  test('of a line that is too long: the limit', () => {
    expect(readUntilError(['"12345678"\n'], 5).error).toMatchObject({ code: 'line_too_long', maxBytes: 5 });
  });
});

test('a last line that ends in the middle of a character has no value', () => {
  expect(read(['1\n', Uint8Array.of(0x22, 0xe2, 0x82)])).toEqual([1]);
  expect(read(['1\n2', Uint8Array.of(0xe2)])).toEqual([1]);
});

test.each([
  [']', false],
  ['[', true],
  ['["]"', true],
  ['[1]]', false],
  ['"', true],
  [' ', true],
  ['', true],
  ['x', false],
])('%j was cut off: %s', (text, isCut) => {
  expect(isCutJson(text)).toBe(isCut);
});
