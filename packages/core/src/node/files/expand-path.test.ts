import { homedir, userInfo } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { expandPath } from './expand-path.ts';

test.each([
  ['C:\\models\\m.gguf', 'C:\\models\\m.gguf'],
  ['c:/models/m.gguf', 'c:\\models\\m.gguf'],
  ['.\\m.gguf', 'D:\\work\\m.gguf'],
  ['../m.gguf', 'D:\\m.gguf'],
  ['\\\\nas\\share\\m.gguf', '\\\\nas\\share\\m.gguf'],
  ['~\\models\\m.gguf', win32.join(homedir(), 'models', 'm.gguf')],
  ['~/models/m.gguf', win32.join(homedir(), 'models', 'm.gguf')],
  [`~${userInfo().username}\\m.gguf`, win32.join(userInfo().homedir, 'm.gguf')],
])('on Windows %s is %s', async (written, path) => {
  expect(await expandPath(written, 'D:\\work', win32)).toBe(path);
});

test('on other systems a backslash is part of a name', async () => {
  expect(await expandPath('~/a\\b', '/work', posix)).toBe(posix.join(homedir(), 'a\\b'));
  expect(await expandPath('a\\b', '/work', posix)).toBe('/work/a\\b');
  expect(await expandPath('~', join('/work'))).toBe(homedir());
});
