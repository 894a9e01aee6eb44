import { isLoopback } from '@ollama-toolbelt/core/neutral';
import { expect, test } from 'vitest';
import { inUrl, parseHttpAddress } from './address.ts';

test.each([
  ['3333', '127.0.0.1:3333', true],
  ['0', '127.0.0.1:0', true],
  ['localhost:80', 'localhost:80', true],
  ['127.1.2.3:80', '127.1.2.3:80', true],
  ['[::1]:80', '[::1]:80', true],
  ['0.0.0.0:3333', '0.0.0.0:3333', false],
  ['[::]:3333', '[::]:3333', false],
  ['192.168.1.5:3333', '192.168.1.5:3333', false],
  ['localhost.example.com:65535', 'localhost.example.com:65535', false],
])('%s is an address', (text, written, own) => {
  const address = parseHttpAddress(text);
  expect(address && inUrl(address)).toBe(written);
  expect(address && isLoopback(address.host)).toBe(own);
});

test.each(['', '65536', '-1', '127.0.0.1', '::1:80', 'http://localhost:80', 'a b:80', '1:2:3'])(
  '"%s" is not an address',
  (text) => {
    expect(parseHttpAddress(text)).toBeUndefined();
  },
);
