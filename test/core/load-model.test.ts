import { failWith } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { failureOf } from '../fixtures/core/failure.ts';
import { useScripted } from '../fixtures/scripted.ts';

const fresh = useScripted({ retry: false });
const paths = () => fresh.server.requests.map(({ path }) => path);

test('an embedding-only model is loaded by an embedding', async () => {
  fresh.server.generate(failWith(400, '"m" does not support generate'));
  expect(await fresh.ollama.load({ model: 'embedding-model' })).toMatchObject({ model: 'embedding-model' });
  expect(paths()).toEqual(['/api/generate', '/api/embed']);
});

test.each([
  [405, 'unsupported'],
  [501, 'unsupported'],
  [500, 'server_error'],
])('a %i is about the route or the server, and the end', async (status, code) => {
  fresh.server.generate(failWith(status, 'no'));
  expect(await failureOf(fresh.ollama.load({ model: 'chat-model' }))).toMatchObject({ code, status });
  expect(paths()).toEqual(['/api/generate']);
});
