import { expect, test } from 'vitest';
import { scopesFor, scopesOf } from './scopes.ts';

test.each([
  ['models', ['ollama:read']],
  ['inference', ['ollama:run']],
  ['web', ['ollama:run']],
  ['manage', ['ollama:manage']],
] as const)('a tool of %s needs %j', (toolset, scopes) => {
  expect(scopesOf({ toolset })).toEqual(scopes);
});

test('a tool may name its own scopes', () => {
  expect(scopesOf({ toolset: 'manage', scopes: ['ollama:read'] })).toEqual(['ollama:read']);
});

test('the scopes of all tools and of resources are listed once, in a fixed order', () => {
  expect(scopesFor([])).toEqual(['ollama:read']);
  expect(scopesFor([{ toolset: 'manage' }, { toolset: 'web' }, { toolset: 'inference' }])).toEqual([
    'ollama:read',
    'ollama:run',
    'ollama:manage',
  ]);
});
