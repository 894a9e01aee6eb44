import { link, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failWith, gate, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { type Folder, folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect, nowhere } from '../../fixtures/mcp/connect.ts';
import { folderWithMany, nameOf } from '../../fixtures/mcp/many-files.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';

const model = 'chat-model';
const each = { model, prompt: 'Sum up.', for_each: 'file', output: 'out.jsonl' };

const connectTo = (server: { host: string }, folder: Folder, out: Folder, ...args: string[]) =>
  connect({ host: server.host, args: ['--allow-dir', folder.path, '--allow-write', out.path, ...args] });

const linesOf = async (folder: Folder, name = 'out.jsonl') =>
  (await readFile(join(folder.path, name), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const asked = (server: ScriptedServer) => server.requestsTo('/api/generate').length;

test("the answers to 500 files go to a file, and hardly use the host's context", async () => {
  using folder = await folderWithMany(500);
  using out = await folderWith({});
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  await connection.client.listTools();
  server.always.generate(({ body }) =>
    String(body['prompt']).includes('number 13\n')
      ? failWith(400, 'no such luck')
      : { text: `A long answer about ${String(body['prompt'])}. `.repeat(20) },
  );
  const { text, structured, isError } = await call(connection, 'ollama_generate', { ...each, files: ['notes/*.md'] });
  expect(isError, text).toBe(false);
  expect(structured?.['output']).toEqual({
    path: join(out.path, 'out.jsonl'),
    files: 500,
    answered: 499,
    kept: 0,
    failed: 1,
  });
  expect(text).toContain(`Files: 500; 499 answered, 1 failed. The answers are in ${join(out.path, 'out.jsonl')}`);
  expect(text).toContain(`${nameOf(13)}: no such luck`);
  expect(countTokens(text) + countTokens(JSON.stringify(structured))).toBeLessThan(1500);

  const lines = await linesOf(out);
  expect(lines.map(({ file }) => file)).toEqual(Array.from({ length: 500 }, (_, index) => nameOf(index)));
  expect(lines[0]).toMatchObject({ model, text: expect.stringContaining('number 0'), done_reason: 'stop' });
  expect(lines[13]).toMatchObject({ error: expect.stringContaining('no such luck') });
  expect(await readdir(out.path)).toEqual(['out.jsonl']);
});

test('a second call only asks about unanswered and changed files', async () => {
  using folder = await folderWithMany(6);
  using out = await folderWith({});
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  await connection.client.listTools();
  const run = async (more: object = {}) => {
    const before = asked(server);
    const { structured } = await call(connection, 'ollama_generate', { ...each, files: ['notes/*.md'], ...more });
    const { answered, kept, failed } = structured!['output'] as Record<string, number>;
    return [answered, kept, failed, asked(server) - before];
  };
  server.generate(failWith(400, 'no such luck'));
  expect(await run()).toEqual([5, 0, 1, 6]);
  // Only the file that failed.
  expect(await run()).toEqual([1, 5, 0, 1]);
  expect(await run()).toEqual([0, 6, 0, 0]);
  await writeFile(join(folder.path, nameOf(2)), 'changed');
  expect(await run()).toEqual([1, 5, 0, 1]);
  // These arguments do not affect the answers.
  expect(await run({ keep_alive: '5m', model: 'chat-model:latest' })).toEqual([0, 6, 0, 0]);
  expect(await run({ prompt: 'Sum up!' })).toEqual([6, 0, 0, 6]);
  expect(await run({ prompt: 'Sum up!', options: { seed: 1 } })).toEqual([6, 0, 0, 6]);
  expect(await run({ prompt: 'Sum up!', options: { seed: 1 }, model: 'thinking-model' })).toEqual([6, 0, 0, 6]);
  const lines = await linesOf(out);
  expect(lines.map(({ file }) => file)).toEqual(Array.from({ length: 6 }, (_, index) => nameOf(index)));
  for (const line of lines) expect(line).toMatchObject({ model: 'thinking-model' });
});

test('answers about other files are added to the existing ones', async () => {
  using folder = await folderWith({ 'b.md': 'b', 'a.md': 'a' });
  using out = await folderWith({});
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  await call(connection, 'ollama_generate', { ...each, files: ['b.md'] });
  await call(connection, 'ollama_generate', { ...each, files: ['a.md'], output: join(out.path, 'out.jsonl') });
  expect((await linesOf(out)).map(({ file }) => file)).toEqual(['b.md', 'a.md']);
});

test('a killed process leaves its answers, and the next one continues', async () => {
  using folder = await folderWithMany(5);
  using out = await folderWith({});
  await using server = await startScripted();
  const stalls = [gate(), gate()];
  {
    await using connection = await connectTo(server, folder, out);
    let count = 0;
    server.always.generate(() => ({ text: ++count > 3 ? ['half', stalls[count - 4]!] : 'done' }));
    const failed = expect(call(connection, 'ollama_generate', { ...each, files: ['notes/*.md'] })).rejects.toThrow();
    await Promise.all(stalls.map(({ reached }) => reached));
    process.kill(connection.pid, 'SIGKILL');
    await failed;
  }
  expect(await linesOf(out)).toHaveLength(3);
  const before = await readFile(join(out.path, 'out.jsonl'));
  server.always.generate({ text: 'done' });
  await using connection = await connectTo(server, folder, out);
  await connection.client.listTools();
  // As if it was killed in the middle of a line, or of a character.
  const line = Buffer.from('{"file":"notes/0004.md","text":"é","mod');
  for (const size of [1, 5, 9, line.indexOf('é') + 1, line.length]) {
    await writeFile(join(out.path, 'out.jsonl'), Buffer.concat([before, line.subarray(0, size)]));
    const { structured, text } = await call(connection, 'ollama_generate', { ...each, files: ['notes/*.md'] });
    expect(structured?.['output'], text).toMatchObject({ answered: 2, kept: 3 });
    expect((await linesOf(out)).map(({ file }) => file)).toEqual([0, 1, 2, 3, 4].map(nameOf));
  }
});

test('a cancelled call keeps its answers', async () => {
  using folder = await folderWithMany(4);
  using out = await folderWith({});
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  const stalls = [gate(), gate()];
  let count = 0;
  server.always.generate(() => ({ text: ++count > 2 ? ['half', stalls[count - 3]!] : 'done' }));
  const controller = new AbortController();
  const { signal } = controller;
  const failed = expect(
    call(connection, 'ollama_generate', { ...each, files: ['notes/*.md'] }, { signal }),
  ).rejects.toThrow();
  await Promise.all(stalls.map(({ reached }) => reached));
  controller.abort();
  await failed;
  server.always.generate({ text: 'done' });
  const { structured } = await call(connection, 'ollama_generate', { ...each, files: ['notes/*.md'] });
  expect(structured?.['output']).toMatchObject({ answered: 2, kept: 2, failed: 0 });
});

test('over its time budget, it continues as a job, and no other call can write to its file', async () => {
  using folder = await folderWithMany(3);
  using out = await folderWith({});
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  await connection.client.listTools();
  const stall = gate();
  server.always.generate(({ body }) => ({
    text: String(body['prompt']).includes('0001.md') ? ['be', stall, 'gun'] : 'done',
  }));
  const first = await call(connection, 'ollama_generate', { ...each, files: ['notes/*'], _wait_ms: 1 });
  const { job } = first.structured ?? {};
  const soFar = async () => (await call(connection, 'ollama_job', { job, action: 'read' })).structured;
  await expect.poll(soFar).toMatchObject({ partial: true, output: { files: 3, answered: 2 } });
  const second = await call(connection, 'ollama_generate', { ...each, files: ['notes/*'] });
  expect(second).toMatchObject({ isError: true, text: expect.stringContaining('another call writes to') });
  stall.release();
  const last = await call(connection, 'ollama_job', { job, action: 'wait' });
  expect(last.structured).toMatchObject({ state: 'done', output: { answered: 3 } });
  expect(last.text).toContain('Files: 3; 3 answered, 0 failed.');
  expect(await linesOf(out)).toHaveLength(3);
});

test('a failure does not remove an earlier answer', async () => {
  using folder = await folderWithMany(10);
  using out = await folderWith({});
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  await connection.client.listTools();
  await call(connection, 'ollama_generate', { ...each, files: ['notes/*'] });
  const wrong = await call(connection, 'ollama_generate', { ...each, model: 'chat-mdel', files: ['notes/*'] });
  expect(wrong.isError).toBe(true);
  expect(wrong.text).toContain('The same call again continues with them.');
  for (const line of await linesOf(out)) expect(line).toMatchObject({ model, text: expect.any(String) });
});

test('the output is not part of its own input', async () => {
  using folder = await folderWith({ 'a.jsonl': '{"a":1}\n' });
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, folder);
  for (let round = 0; round < 2; round++) {
    const { structured } = await call(connection, 'ollama_generate', { ...each, files: ['**/*.jsonl'] });
    expect(structured?.['output']).toMatchObject({ files: 1 });
  }
});

test.each([
  ['a file with other content', 'notes.jsonl', 'contains something other than answers of this tool'],
  ['a JSON Lines file with other content', 'other.jsonl', 'contains something other than answers of this tool'],
  ['a file that is not text', 'data.jsonl', 'contains something other than answers of this tool'],
  ['a hard link', 'hard.jsonl', 'also has another name (a hard link)'],
  ['a symbolic link', 'link.jsonl', 'is a link'],
  ['a broken symbolic link', 'dangling.jsonl', 'is a link'],
  ['a folder', 'folder.jsonl', 'cannot be written (EISDIR)'],
  ['another kind of file', 'script.sh', 'must end with a plain name and .jsonl'],
  ['an alternate data stream', 'x:y.jsonl', 'must end with a plain name and .jsonl'],
  ['a path out of the folder', '../out.jsonl', 'is not in a folder that may be written to'],
  ['a path out of the folder through a link', 'way/out.jsonl', 'is not in a folder that may be written to'],
  ['an absolute path elsewhere', '/tmp/out.jsonl', 'is not in a folder that may be written to'],
  ['a missing folder', 'new/out.jsonl', 'is not in a folder that may be written to'],
  ['a network path', '//server/share/out.jsonl', 'is not in a folder that may be written to'],
])('nothing is written to %s', async (_, output, words) => {
  using folder = await folderWith({ 'a.md': 'one' });
  using elsewhere = await folderWith({ 'secret.jsonl': '' });
  using out = await folderWith({
    'notes.jsonl': '{"mine":true}\n',
    'other.jsonl': '{"file":"a.md","text":"mine"}\n',
    'data.jsonl': new Uint8Array([0xff, 0xfe, 0xfd]),
    'folder.jsonl/x': '',
  });
  await symlink(join(elsewhere.path, 'secret.jsonl'), join(out.path, 'link.jsonl'));
  await symlink(join(elsewhere.path, 'new.jsonl'), join(out.path, 'dangling.jsonl'));
  await symlink(elsewhere.path, join(out.path, 'way'));
  await link(join(elsewhere.path, 'secret.jsonl'), join(out.path, 'hard.jsonl'));
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  const { isError, text } = await call(connection, 'ollama_generate', { ...each, files: ['a.md'], output });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
  expect(server.requests).toEqual([]);
  expect(await readdir(elsewhere.path)).toEqual(['secret.jsonl']);
  expect(await readFile(join(elsewhere.path, 'secret.jsonl'), 'utf8')).toBe('');
  expect(await readFile(join(out.path, 'notes.jsonl'), 'utf8')).toBe('{"mine":true}\n');
  expect(await readFile(join(out.path, 'other.jsonl'), 'utf8')).toBe('{"file":"a.md","text":"mine"}\n');
});

test('if a result has no room for all files, the error says that they can go to a file', async () => {
  using folder = await folderWithMany(101);
  using out = await folderWith({});
  await using connection = await connectTo({ host: nowhere }, folder, out);
  const { output: _, ...args } = each;
  const { isError, text } = await call(connection, 'ollama_generate', { ...args, files: ['notes/*'] });
  expect({ isError, text }).toEqual({
    isError: true,
    text: expect.stringContaining('\nWith output, the answers to up to 10000 go into a file.'),
  });
});

test('after Ctrl-C of a call from a shell, the file only has complete lines', async () => {
  using folder = await folderWithMany(6);
  using out = await folderWith({});
  await using server = await startScripted();
  const stalls = [gate(), gate()];
  let count = 0;
  server.always.generate(() => ({ text: ++count > 3 ? ['half', stalls[count - 4]!] : 'done' }));
  const ended = runCli(
    [
      ...['call', 'ollama_generate', JSON.stringify({ ...each, files: ['notes/*'] })],
      ...['--allow-dir', folder.path, '--allow-write', out.path, '--host', server.host],
    ],
    { onStart: (child) => void Promise.all(stalls.map(({ reached }) => reached)).then(() => child.kill('SIGINT')) },
  );
  expect(await ended).toMatchObject({ code: 130 });
  expect(await linesOf(out)).toHaveLength(3);
  expect(await readdir(out.path)).toEqual(['out.jsonl']);
});

test('output without for_each, or without an answer, leaves no file', async () => {
  using folder = await folderWith({ 'a.md': 'one' });
  using out = await folderWith({});
  await using server = await startScripted();
  await using connection = await connectTo(server, folder, out);
  const { for_each: _, ...args } = each;
  const alone = await call(connection, 'ollama_generate', { ...args, files: ['a.md'] });
  expect(alone).toMatchObject({ isError: true, text: 'output needs for_each: "file".' });
  const controller = new AbortController();
  const { signal } = controller;
  const stall = gate();
  server.generate({ text: [stall] });
  const failed = expect(
    call(connection, 'ollama_generate', { ...each, files: ['a.md'] }, { signal }),
  ).rejects.toThrow();
  await stall.reached;
  controller.abort();
  await failed;
  await expect.poll(() => readdir(out.path)).toEqual([]);
});

test('if calls may write, the tools that can are not read-only; with --read-only none can', async () => {
  using folder = await folderWith({});
  using out = await folderWith({});
  const listed = async (...args: string[]) => {
    await using connection = await connectTo({ host: nowhere }, folder, out, ...args);
    const { tools } = await connection.client.listTools();
    return {
      writing: tools.filter(({ annotations }) => annotations?.readOnlyHint === false).map(({ name }) => name),
      fields: tools.filter(({ inputSchema }) => 'output' in (inputSchema.properties ?? {})).map(({ name }) => name),
    };
  };
  expect(await listed()).toEqual({ writing: ['ollama_chat', 'ollama_generate'], fields: ['ollama_generate'] });
  expect(await listed('--read-only')).toEqual({ writing: [], fields: [] });
});

test('--allow-write needs folders to read, and must be a folder', async () => {
  using folder = await folderWith({});
  expect(await runCli(['--allow-write', folder.path])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--allow-write needs --allow-dir'),
  });
  expect(await runCli(['--allow-dir', folder.path, '--allow-write', '/no/such/folder'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--allow-write: there is no folder /no/such/folder.'),
  });
});
