import { expect, test } from 'vitest';
import { noBuild, startLlamaIfBuilt } from '../../fixtures/llama-if-built.ts';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect } from '../../fixtures/mcp/connect.ts';

const greedy = { model: 'pocket', options: { temperature: 0, seed: 1 } };
const ask = (content: string) => ({ ...greedy, messages: [{ role: 'user', content }] });

/** Typical work of an agent in one session, with a real model. */
test('a session: a file, JSON, ranking, a conversation, a model made and deleted', async ({ skip }) => {
  await using server = await startLlamaIfBuilt();
  if (!server) return skip(noBuild);
  const bees = 'Many people love bees. There are many kinds of bees. Bees live in hives. ';
  using folder = await folderWith({
    'bees.txt': bees,
    'long.txt': bees.repeat(50),
    'too-long.txt': bees.repeat(300),
    'parts.md':
      'The capital of France is Paris.\n\nDocker runs programs in containers.\n\nThe sky is blue because air scatters light.',
  });
  await using connection = await connect({
    host: server.host,
    args: ['--allow-dir', folder.path, '--toolsets', 'inference,models,manage', '--embed-model', 'pocket-embed'],
  });
  await connection.client.listTools();

  const listed = await call(connection, 'ollama_list_models');
  expect(listed.text).toContain('pocket');

  // The tokens of the file only go to the model. The host just sends its name.
  const question = 'Summarize this text in one sentence.';
  const short = await call(connection, 'ollama_chat', { ...ask(question), files: ['bees.txt'] });
  expect(short).toMatchObject({ isError: false });
  expect((short.structured!['usage'] as Record<string, number>)['prompt_tokens']).toBeGreaterThan(20);

  const long = await call(connection, 'ollama_chat', {
    ...ask(question),
    files: ['long.txt'],
    options: { temperature: 0, num_ctx: 512, num_predict: 16 },
  });
  expect(long.isError, long.text).toBe(false);
  expect(long.structured).toMatchObject({
    notices: expect.arrayContaining([{ code: 'context_raised', message: expect.any(String) }]),
  });
  expect((long.structured!['usage'] as Record<string, number>)['prompt_tokens']).toBeGreaterThan(512);

  const tooLong = await call(connection, 'ollama_chat', { ...ask(question), files: ['too-long.txt'] });
  expect(tooLong.isError).toBe(true);
  expect(tooLong.text).toMatch(/^The prompt with its files has \d+ tokens; pocket takes 2048 at most\.\n/);

  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, city: { type: 'string' } },
    required: ['name', 'city'],
  };
  const json = await call(connection, 'ollama_chat', {
    ...ask('Grace lives in Oslo. Respond using JSON with name and city.'),
    format: schema,
  });
  expect(json.structured).toMatchObject({ parsed: { name: 'Grace', city: 'Oslo' } });

  const many = await call(connection, 'ollama_generate', {
    ...greedy,
    prompts: ['Why is the sky blue?', 'What is the capital of France?'],
  });
  expect(many.structured).toMatchObject({
    answers: [{ text: expect.stringContaining('sky') }, { text: expect.stringContaining('Paris') }],
  });

  const ranked = await call(connection, 'ollama_rank', {
    query: 'Why is the sky blue?',
    candidates: [
      'The capital of France is Paris.',
      'Docker runs programs in containers.',
      'The sky is blue because air scatters light.',
    ],
    k: 1,
  });
  expect(ranked.structured).toMatchObject({ candidates: 3, results: [{ index: 2 }] });
  const rankedFile = await call(connection, 'ollama_rank', { query: 'blue sky', files: ['parts.md'], k: 1 });
  expect(rankedFile.structured).toMatchObject({
    results: [{ file: 'parts.md', text: expect.stringContaining('sky') }],
  });

  const first = await call(connection, 'ollama_chat', { ...ask('My name is Priya.'), conversation: 'new' });
  const conversation = first.structured?.['conversation'];
  await call(connection, 'ollama_chat', { ...ask('Why is the sky blue?'), conversation });
  const last = await call(connection, 'ollama_chat', { ...ask('What is my name?'), conversation });
  expect(last.structured).toMatchObject({ text: 'Your name is Priya.' });

  const made = await call(connection, 'ollama_create_model', {
    model: 'pirate',
    modelfile: 'FROM pocket\nSYSTEM You are a pirate.\n',
  });
  expect(made.structured).toMatchObject({ status: 'success' });
  const refused = await call(connection, 'ollama_delete_model', { model: 'pirate' });
  expect(refused.text).toContain('confirm: "pirate:latest"');
  const deleted = await call(connection, 'ollama_delete_model', { model: 'pirate', confirm: 'pirate' });
  expect(deleted.structured).toEqual({ model: 'pirate:latest', deleted: true });
  expect((await call(connection, 'ollama_list_models')).text).not.toContain('pirate');
});
