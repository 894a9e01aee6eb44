import { gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { connect, call as send } from '../../fixtures/mcp/connect.ts';
import { folderWithMany } from '../../fixtures/mcp/many-files.ts';

const model = 'chat-model';

test.each([
  { args: [], most: 2 },
  { args: ['--concurrency', '3'], most: 3 },
])('with the arguments $args, a model gets $most calls at a time', async ({ args, most }) => {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args });
  // The first call of a model runs alone.
  await send(connection, 'ollama_generate', { model, prompt: 'load' });
  const stalls = Array.from({ length: most }, () => gate());
  for (const stall of stalls) server.generate({ text: ['x', stall] });
  const calls = Array.from({ length: most + 2 }, (_, index) =>
    send(connection, 'ollama_generate', { model, prompt: `${index}` }),
  );
  await Promise.all(stalls.map(({ reached }) => reached));
  // The others have arrived too: a later message of the same connection is answered.
  await send(connection, 'ollama_status', {});
  expect(server.requestsTo('/api/generate')).toHaveLength(1 + most);
  for (const stall of stalls) stall.release();
  for (const { isError } of await Promise.all(calls)) expect(isError).toBe(false);
});

test('the prompts and the files of one call use the same number', async () => {
  using folder = await folderWithMany(4);
  await using server = await startScripted();
  const args = ['--concurrency', '3', '--allow-dir', folder.path];
  await using connection = await connect({ host: server.host, args });
  await send(connection, 'ollama_generate', { model, prompt: 'load' });
  const many = [{ prompts: ['a', 'b', 'c', 'd'] }, { prompt: 'Summarize.', files: ['notes/*'], for_each: 'file' }];
  for (const request of many) {
    const before = server.requestsTo('/api/generate').length;
    const stalls = [gate(), gate(), gate()];
    for (const stall of stalls) server.generate({ text: ['x', stall] });
    const answer = send(connection, 'ollama_generate', { model, ...request });
    await Promise.all(stalls.map(({ reached }) => reached));
    expect(server.requestsTo('/api/generate')).toHaveLength(before + 3);
    for (const stall of stalls) stall.release();
    expect((await answer).structured?.['answers']).toHaveLength(4);
  }
});
