import { expect, test } from 'vitest';
import { isHostKey } from './host-keys.ts';

test.each([
  ['sessionId', '1', true],
  ['task_progress', '', true],
  ['_meta', {}, true],
  ['__n8n_x', 1, true],
  ['__arg1', 'x', false],
  ['model', 'x', false],
  ['x_meta', 1, false],
  ['tool', 'ollama_chat', true],
  ['tool', 'a b', false],
  ['tool', '', false],
  ['tool', 'x'.repeat(128), true],
  ['tool', 'x'.repeat(129), false],
  ['tool', { type: 'function' }, false],
  ['tool', 5, false],
  ['tools', 'ollama_chat', false],
])('%s: %j comes from the host: %s', (key, value, is) => {
  expect(isHostKey(key, value)).toBe(is);
});
