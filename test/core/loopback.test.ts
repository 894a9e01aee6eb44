import { isLoopback } from '@ollama-toolbelt/core/neutral';
import { expect, test } from 'vitest';

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['127.example.com', 'localhost.example.com', '0.0.0.0', '192.168.1.5', '::', 'example.com'])(
  '%s is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
