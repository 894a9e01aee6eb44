import { expect, test } from 'vitest';
import { callErrors } from '../errors/call-errors.ts';
import { WholeText } from './whole-text.ts';

const facts = { url: 'http://127.0.0.1:11434', method: 'POST', path: '/api/embed', model: 'm', errors: callErrors };

function read(pieces: readonly (readonly number[])[]): string | undefined {
  const whole = new WholeText(facts);
  for (const piece of pieces) whole.push(Uint8Array.from(piece));
  return whole.end();
}

test.each([
  '',
  'a',
  'é',
  '€',
  '😀',
  'aé€😀z',
  '\ufeff{}',
  '{"a":"\ufeff"}',
  '\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}',
])('a text gives itself wherever its bytes are cut: %j', (text) => {
  const bytes = [...new TextEncoder().encode(text)];
  const expected = text.replace(/^\ufeff/, '');
  expect(read([bytes])).toBe(expected);
  expect(read(bytes.map((byte) => [byte]))).toBe(expected);
  for (let at = 0; at <= bytes.length; at += 1) expect(read([bytes.slice(0, at), [], bytes.slice(at)])).toBe(expected);
});

test.each(['é', '€', '😀'])('an end within %s is detected', (character) => {
  const bytes = [...new TextEncoder().encode(`a${character}`)];
  for (let end = 2; end < bytes.length; end += 1) {
    expect(read([bytes.slice(0, end)])).toBeUndefined();
    expect(read(bytes.slice(0, end).map((byte) => [byte]))).toBeUndefined();
  }
});

test.each([
  ['a byte that occurs in no character', [0xff]],
  ['a lead byte that no character has', [0xf5, 0x80]],
  ['a continuation byte', [0x61, 0x80]],
  ['four continuation bytes', [0x80, 0x80, 0x80, 0x80]],
  ['a lead byte after another', [0xe2, 0xe2, 0x82, 0xac]],
  ['an overlong encoding', [0xc0, 0x80]],
  ['a lone surrogate', [0xed, 0xa0, 0x80]],
])('%s is not text', (_, bytes) => {
  const refused = expect.objectContaining({ code: 'bad_line', message: expect.stringContaining('not valid UTF-8') });
  expect(() => read([bytes])).toThrow(refused);
  expect(() => read(bytes.map((byte) => [byte]))).toThrow(refused);
});
