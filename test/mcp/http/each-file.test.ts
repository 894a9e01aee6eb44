import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call } from '../../fixtures/mcp/connect.ts';
import { folderWithMany, nameOf } from '../../fixtures/mcp/many-files.ts';
import { connectHttp, startHttp } from '../../fixtures/mcp-http/http-process.ts';

const each = { model: 'chat-model', prompt: 'Sum up.', for_each: 'file', files: ['notes/*.md'] };

test.each([
  ['each request by itself', []],
  ['sessions', ['--http-sessions']],
])('one answer for each file, in the result or in a file: %s', async (_, more) => {
  using folder = await folderWithMany(4);
  using out = await folderWith({});
  await using ollama = await startScripted();
  const args = ['--allow-dir', folder.path, '--allow-write', out.path, ...more];
  await using server = await startHttp({ host: ollama.host, args });
  await using connection = await connectHttp(server.url);
  await connection.client.listTools();
  const shown = await call(connection, 'ollama_generate', each);
  expect(shown.structured).toMatchObject({ answers: [0, 1, 2, 3].map((index) => ({ file: nameOf(index) })) });
  const written = await call(connection, 'ollama_generate', { ...each, output: 'out.jsonl' });
  expect(written.structured).toMatchObject({ output: { path: join(out.path, 'out.jsonl'), answered: 4 } });
  expect((await readFile(join(out.path, 'out.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(4);
});

test('without sessions, a call that runs out of time says that repeating it continues, and it does', async () => {
  using folder = await folderWithMany(4);
  using out = await folderWith({});
  await using ollama = await startScripted();
  const args = ['--allow-dir', folder.path, '--allow-write', out.path, '--budget-ms', '1000'];
  await using server = await startHttp({ host: ollama.host, args });
  await using connection = await connectHttp(server.url);
  await connection.client.listTools();
  const stall = gate();
  ollama.always.generate(({ body }) => ({
    text: String(body['prompt']).includes('0003.md') ? ['be', stall, 'gun'] : 'done',
  }));
  const call1 = () => call(connection, 'ollama_generate', { ...each, output: 'out.jsonl' });
  const first = await call1();
  expect(first.structured).toMatchObject({ partial: true, output: { files: 4 } });
  // On a slow machine fewer than the other three.
  const { answered } = first.structured!['output'] as { answered: number };
  expect(first.text).toContain(`Files left: ${4 - answered}. The same call again continues with them.`);
  stall.release();
  // The file is free once the first call has ended.
  const next = async () => {
    const { structured } = await call1();
    const { kept = 0, answered: more = 0 } = (structured?.['output'] ?? {}) as Record<string, number>;
    return { isContinued: kept >= answered, files: kept + more };
  };
  await expect.poll(next).toEqual({ isContinued: true, files: 4 });
});
