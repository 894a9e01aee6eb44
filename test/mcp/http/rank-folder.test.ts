import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call } from '../../fixtures/mcp/connect.ts';
import { folderWithMany } from '../../fixtures/mcp/many-files.ts';
import { connectHttp, startHttp } from '../../fixtures/mcp-http/http-process.ts';

const ranked = { model: 'embedding-model', query: 'q', files: ['notes/*.md'] };

test.each([
  ['each request by itself', []],
  ['sessions', ['--http-sessions']],
])('vectors of files are kept for all clients and the next server: %s', async (_, more) => {
  using folder = await folderWithMany(40);
  using cache = await folderWith({});
  await using ollama = await startScripted();
  const texts = () => ollama.requestsTo('/api/embed').flatMap(({ body }) => body['input'] as string[]).length;
  const args = ['--allow-dir', folder.path, '--cache-dir', cache.path, ...more];
  for (const sent of [41, 42 + 1]) {
    await using server = await startHttp({ host: ollama.host, args });
    for (const client of ['first', 'second']) {
      await using connection = await connectHttp(server.url);
      const { structured, text } = await call(connection, 'ollama_rank', ranked);
      expect(structured, text).toMatchObject({ candidates: 40 });
      if (client === 'first') expect(texts()).toBe(sent);
    }
  }
  expect(texts()).toBe(44);
});
