import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

test('gives the cache folder of each system', () => {
  expect(cacheFolder({}, 'linux')).toBe(join(homedir(), '.cache', 'ollama-toolbelt'));
  expect(cacheFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Caches', 'ollama-toolbelt'));
  expect(cacheFolder({ LOCALAPPDATA: '/data/local' }, 'win32')).toBe(join('/data/local', 'ollama-toolbelt'));
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache/me' }, 'linux')).toBe(join('/var/cache/me', 'ollama-toolbelt'));
});

test('gives none without the variable on Windows, or for a relative path', () => {
  expect(cacheFolder({}, 'win32')).toBeUndefined();
  expect(cacheFolder({ XDG_CACHE_HOME: 'cache' }, 'linux')).toBeUndefined();
});
