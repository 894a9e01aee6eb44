import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { failWith, faults, gate, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect } from '../../fixtures/mcp/connect.ts';
import { folderWithMany, nameOf } from '../../fixtures/mcp/many-files.ts';
import { isReport } from '../../fixtures/mcp/reported.ts';

const model = 'chat-model';
const each = { model, prompt: 'Sum up.', for_each: 'file' };
const allow = (...folders: { path: string }[]) => folders.flatMap(({ path }) => ['--allow-dir', path]);
const filesOf = (structured: Record<string, unknown> = {}) =>
  (structured['answers'] as { file: string }[]).map(({ file }) => file);

test('each file gets a separate answer, in the order of the names', async () => {
  using folder = await folderWith({
    'src/b.md': 'two',
    'src/a.md': 'one',
    'src/deep/c.md': 'three',
    'src/d.txt': 'no',
    'e.md': 'no',
  });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await connection.client.listTools();
  server.always.generate(({ body }) => ({ text: `re ${/>\n(\w+)\n</.exec(String(body['prompt']))?.[1]}` }));
  const { structured, text, isError } = await call(connection, 'ollama_generate', {
    ...each,
    system: 'Be short.',
    files: ['src/**/*.md'],
    keep_alive: '5m',
  });
  expect(isError, text).toBe(false);
  expect(structured).toMatchObject({
    model,
    answers: [
      { file: 'src/a.md', text: 're one' },
      { file: 'src/b.md', text: 're two' },
      { file: 'src/deep/c.md', text: 're three' },
    ],
    usage: { prompt_tokens: expect.any(Number), answer_tokens: expect.any(Number) },
  });
  expect(text).toMatch(/^src\/a\.md:\nre one\nsrc\/b\.md:\nre two\nsrc\/deep\/c\.md:\nre three\n\[chat-model, /);
  const sent = server.requestsTo('/api/generate').map(({ body }) => body);
  expect(sent).toContainEqual({
    model,
    system: 'Be short.',
    prompt: '<file name="src/a.md">\none\n</file>\n\nSum up.',
    truncate: false,
    keep_alive: '5m',
    stream: true,
  });
});

test('chat does the same, with its messages before each file', async () => {
  using folder = await folderWith({ 'a.md': 'one', 'b.md': 'two' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const messages = [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'Sum up.' },
  ];
  const { structured } = await call(connection, 'ollama_chat', { model, messages, for_each: 'file', files: ['*.md'] });
  expect(filesOf(structured)).toEqual(['a.md', 'b.md']);
  expect(server.requestsTo('/api/chat').map(({ body }) => body['messages'])).toContainEqual([
    messages[0],
    { role: 'user', content: '<file name="b.md">\ntwo\n</file>\n\nSum up.' },
  ]);
});

test('a failure takes the place of the answer', async () => {
  using folder = await folderWith({ 'a.md': 'one', 'b.md': 'bad', 'c.md': new Uint8Array([0, 1]), 'd.md': 'four' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await connection.client.listTools();
  server.always.generate(({ body }) =>
    String(body['prompt']).includes('bad') ? failWith(400, 'no such luck') : { text: 'fine' },
  );
  const { structured, text, isError } = await call(connection, 'ollama_generate', {
    ...each,
    files: ['*.md', 'gone.md'],
  });
  expect(isError).toBe(false);
  expect(structured?.['answers']).toEqual([
    { file: 'a.md', text: 'fine' },
    { file: 'b.md', error: expect.stringContaining('no such luck') },
    { file: 'c.md', error: expect.stringContaining('is not a text file') },
    { file: 'd.md', text: 'fine' },
    { file: 'gone.md', error: expect.stringContaining('There is no file gone.md') },
  ]);
  expect(text).toContain('b.md: failed: no such luck');
});

test('if all files fail, the call fails', async () => {
  using folder = await folderWith({ 'a.md': new Uint8Array([0, 1]) });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const { isError, structured } = await call(connection, 'ollama_generate', { ...each, files: ['*.md'] });
  expect(isError).toBe(true);
  expect(filesOf(structured)).toEqual(['a.md']);
});

test('a failure that affects all files stops the call after three', async () => {
  using folder = await folderWithMany(20);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await connection.client.listTools();
  const { isError, structured, text } = await call(connection, 'ollama_generate', {
    ...each,
    model: 'chat-mdel',
    files: ['notes/*.md'],
  });
  expect(isError).toBe(true);
  expect(server.requestsTo('/api/generate').length).toBeLessThanOrEqual(4);
  const answers = structured!['answers'] as { error: string }[];
  expect(answers).toHaveLength(20);
  expect(answers[0]?.error).toContain('Closest installed models: chat-model:latest');
  expect(answers.at(-1)?.error).toBe('Not asked about.');
  expect(text).toMatch(/Files not asked about: 1\d\./);
});

test('two files are processed at a time, and progress gives the number, the total and the file', async () => {
  using folder = await folderWithMany(5);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await connection.client.listTools();
  const stalls = [gate(), gate()];
  for (const stall of stalls) server.generate({ text: ['x', stall] });
  const seen: Progress[] = [];
  const answer = call(
    connection,
    'ollama_generate',
    { ...each, files: ['notes/*'] },
    { onprogress: (progress) => seen.push(progress) },
  );
  await Promise.all(stalls.map(({ reached }) => reached));
  expect(server.requestsTo('/api/generate')).toHaveLength(2);
  await expect.poll(() => seen.filter(isReport)).not.toEqual([]);
  for (const stall of stalls) stall.release();
  expect(filesOf((await answer).structured)).toHaveLength(5);
  for (const { total, message } of seen.filter(isReport)) {
    expect(total).toBe(5);
    expect(message).toMatch(/^\d of 5 files, notes\/000\d\.md/);
  }
});

test('over its time budget, it continues as a job, which has all answers', async () => {
  using folder = await folderWithMany(3);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await connection.client.listTools();
  const stall = gate();
  server.always.generate(({ body }) => ({
    text: String(body['prompt']).includes('0001.md') ? ['be', stall, 'gun'] : 'done',
  }));
  const first = await call(connection, 'ollama_generate', { ...each, files: ['notes/*'], _wait_ms: 1 });
  expect(first.structured).toMatchObject({ partial: true });
  const job = String(first.structured?.['job']);
  const soFar = async () => (await call(connection, 'ollama_job', { job, action: 'read' })).structured;
  await expect.poll(soFar).toMatchObject({
    partial: true,
    answers: [{ text: 'done' }, { file: nameOf(1), partial: true }, { text: 'done' }],
  });
  const status = await call(connection, 'ollama_status');
  expect(status.text).toContain('running, 2 of 3 files');
  stall.release();
  const last = await call(connection, 'ollama_job', { job, action: 'wait' });
  expect(last.structured).toMatchObject({ state: 'done', answers: [{}, { file: nameOf(1), text: 'begun' }, {}] });
  const rest = await call(connection, 'ollama_job', { job, action: 'read', offset: 2 });
  expect(rest.structured).toMatchObject({ answers: [{}, { file: nameOf(1), text: 'gun' }, {}] });
});

test('cancelling ends running requests and starts no new ones', async () => {
  using folder = await folderWithMany(4);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const stalls = [gate(), gate()];
  for (const stall of stalls) server.generate({ text: ['x', stall] });
  const controller = new AbortController();
  const { signal } = controller;
  const failed = expect(
    call(connection, 'ollama_generate', { ...each, files: ['notes/*'] }, { signal }),
  ).rejects.toThrow();
  await Promise.all(stalls.map(({ reached }) => reached));
  controller.abort();
  await failed;
  const running = server.requestsTo('/api/generate');
  expect(await Promise.all(running.map(({ closed }) => closed))).toEqual(['aborted', 'aborted']);
});

test('a larger context for one file is used for the next ones', async () => {
  using folder = await folderWith({ 'a.md': 'large', 'b.md': 'large', 'c.md': 'large', 'd.md': 'large' });
  await using server = await startScripted({ models: [scriptedModel({ name: model, contextLength: 32_768 })] });
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await connection.client.listTools();
  server.always.on('POST /api/generate', ((request: { body: Record<string, unknown> }) =>
    request.body['options'] === undefined ? faults.nestedError() : undefined) as never);
  const { structured } = await call(connection, 'ollama_generate', { ...each, files: ['*.md'] });
  expect(structured?.['answers']).toMatchObject([
    { notices: [{ code: 'context_raised' }] },
    {},
    {},
    { text: expect.any(String) },
  ]);
  // The first two were sent before the larger context was known.
  const without = server.requestsTo('/api/generate').filter(({ body }) => body['options'] === undefined);
  expect(without.length).toBeLessThanOrEqual(2);
});

test.each([
  ['files: paths', { files: ['a.md'], output: 'x.jsonl' }, 'output: unknown'],
  ['no files', { for_each: 'file' }, 'for_each: "file" needs files'],
  ['prompts', { for_each: 'file', files: ['a.md'], prompt: undefined, prompts: ['a'] }, 'prompts cannot be combined'],
  ['exclusions alone', { for_each: 'file', files: ['!*.md'] }, 'only exclusions'],
  [
    'a pattern without a match',
    { for_each: 'file', files: ['*.txt'] },
    'There is no file *.txt in the allowed folders.',
  ],
  ['a long pattern', { for_each: 'file', files: ['*'.repeat(301)] }, '301 characters; 300 is the most'],
  ['another word', { for_each: 'line', files: ['a.md'] }, 'for_each'],
])('an error: %s', async (_, args, words) => {
  using folder = await folderWith({ 'a.md': 'one' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const { isError, text } = await call(connection, 'ollama_generate', { model, prompt: 'Sum up.', ...args });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
  expect(server.requests).toEqual([]);
});

test('a conversation has one answer at a time', async () => {
  using folder = await folderWith({ 'a.md': 'one' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const { isError, text } = await call(connection, 'ollama_chat', {
    model,
    messages: [{ role: 'user', content: 'Hi' }],
    conversation: 'new',
    for_each: 'file',
    files: ['a.md'],
  });
  expect({ isError, text }).toEqual({
    isError: true,
    text: expect.stringContaining('pass either for_each or conversation'),
  });
});

test('a result has at most a hundred answers, and says what to do for more', async () => {
  using folder = await folderWithMany(101);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const { isError, text } = await call(connection, 'ollama_generate', { ...each, files: ['notes/*'] });
  expect(isError).toBe(true);
  expect(text).toMatch(/^files: more than 100 match.*\nA server with --allow-write/);
});

test('patterns also work if all files are sent together', async () => {
  using folder = await folderWith({ 'a.md': 'one', 'b.md': 'two', 'b.test.md': 'no', 'old/c.md': 'no' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await call(connection, 'ollama_generate', { model, prompt: 'Sum up.', files: ['**/*.md', '!*.test.md', '!old'] });
  expect(server.lastRequest.body['prompt']).toBe(
    '<file name="a.md">\none\n</file>\n\n<file name="b.md">\ntwo\n</file>\n\nSum up.',
  );
});

test('with two folders, a pattern reads the files in both, with unique names', async () => {
  using first = await folderWith({ 'a.md': 'first a', 'b.md': 'first b' });
  using second = await folderWith({ 'a.md': 'second a', 'c.md': 'second c' });
  await symlink(join(first.path, 'a.md'), join(first.path, 'link.md'));
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(first, second) });
  const { structured } = await call(connection, 'ollama_generate', { ...each, files: ['*.md'] });
  expect(filesOf(structured)).toEqual(['a.md', 'b.md', join(second.path, 'a.md'), 'c.md']);
  const sent = server.requestsTo('/api/generate').map(({ body }) => String(body['prompt']));
  for (const content of ['first a', 'first b', 'second a', 'second c'])
    expect(sent.filter((prompt) => prompt.includes(content))).toHaveLength(1);
});
