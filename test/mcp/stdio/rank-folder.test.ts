import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { gate, raw, replyJson, type ScriptedServer, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { type Folder, folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { type Connection, call, connect } from '../../fixtures/mcp/connect.ts';
import { folderWithMany, nameOf } from '../../fixtures/mcp/many-files.ts';
import { isReport } from '../../fixtures/mcp/reported.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';
import { runtimes } from '../../fixtures/runtimes.ts';

const model = 'embedding-model';

/** All texts that were embedded since the last call, in order. */
function watch(server: ScriptedServer): () => string[] {
  let seen: string[] = [];
  server.always.embed(({ body }) => {
    const texts = body['input'] as string[];
    seen.push(...texts);
    return { embeddings: texts.map((text) => [text.length, 1, text.includes('llama') ? 1 : 0.1]) };
  });
  return () => {
    const now = seen;
    seen = [];
    return now;
  };
}

const keeping = (server: { host: string }, folder: Folder, cache: Folder, more: readonly string[] = []) =>
  connect({
    host: server.host,
    args: ['--allow-dir', folder.path, '--cache-dir', cache.path, ...more],
    env: { OLLAMA_MCP_CACHE_MB: '' },
  });

const rank = (connection: Connection, args: object = {}) =>
  call(connection, 'ollama_rank', { model, query: 'q', files: ['**/*.md'], ...args });

test('the second call only embeds the query and changed parts', async () => {
  using folder = await folderWithMany(40);
  using cache = await folderWith({});
  await using server = await startScripted();
  const sent = watch(server);
  await using connection = await keeping(server, folder, cache);
  await connection.client.listTools();
  const first = await rank(connection);
  expect(first.isError, first.text).toBe(false);
  expect(sent()).toHaveLength(41);
  const second = await rank(connection);
  expect(sent()).toEqual(['q']);
  expect(second.structured).toMatchObject({ candidates: 40, results: first.structured!['results'] as object });
  expect(second.structured).not.toHaveProperty('notices');

  await writeFile(join(folder.path, nameOf(7)), 'changed');
  await writeFile(join(folder.path, 'new.md'), 'new');
  await rank(connection);
  expect(sent()).toEqual(['q', 'new', 'changed']);
  // The cache does not depend on the file name.
  await writeFile(join(folder.path, 'same.md'), 'number 3');
  await rank(connection, { query: 'another' });
  expect(sent()).toEqual(['another']);
  // Candidates of a call are not kept.
  await rank(connection, { candidates: ['number 3', 'given'] });
  await rank(connection, { candidates: ['number 3', 'given'] });
  expect(sent()).toEqual(['q', 'number 3', 'given', 'q', 'number 3', 'given']);
});

test('kept vectors outlive the process, and other processes can use them', async () => {
  using folder = await folderWithMany(3);
  using cache = await folderWith({});
  await using server = await startScripted();
  const sent = watch(server);
  await using first = await keeping(server, folder, cache);
  await using second = await keeping(server, folder, cache);
  await rank(first);
  sent();
  await rank(second);
  await first.client.close();
  await using third = await keeping(server, folder, cache);
  await rank(third);
  expect(sent()).toEqual(['q', 'q']);
  // The texts are not on disk.
  expect(await readdir(cache.path)).toContain('vectors.sqlite');
  for (const name of await readdir(cache.path))
    expect(await readFile(join(cache.path, name), 'latin1')).not.toContain('number');
});

test('another model, or the same one after a pull, has its own vectors', async () => {
  using folder = await folderWithMany(3);
  using cache = await folderWith({});
  await using server = await startScripted();
  const sent = watch(server);
  await using connection = await keeping(server, folder, cache);
  await rank(connection);
  const { models } = (await (await fetch(`${server.host}/api/tags`)).json()) as { models: { name: string }[] };
  sent();
  server.always.on(
    'GET /api/tags',
    replyJson({ models: models.map((one) => ({ ...one, digest: 'f'.repeat(64) })) }) as never,
  );
  await rank(connection);
  expect(sent()).toHaveLength(4);
  await rank(connection);
  expect(sent()).toEqual(['q']);
});

test('with many parts, the result has the best of all requests', async () => {
  using folder = await folderWith({
    ...Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`d/${index}.md`, `text ${index}`])),
    'long.md': `${'Nothing of note.\n'.repeat(9000)}\n\nThe llama is here.\n\n${'Nothing again.\n'.repeat(200)}`,
  });
  using cache = await folderWith({});
  await using server = await startScripted();
  await using connection = await keeping(server, folder, cache);
  await connection.client.listTools();
  server.always.embed(({ body }) => ({
    embeddings: (body['input'] as string[]).map((text) => (/llama|^q$/.test(text) ? [1, 0] : [0.5, 1])),
  }));
  const seen: Progress[] = [];
  const { structured } = await call(
    connection,
    'ollama_rank',
    { model, query: 'q', files: ['**/*.md'], k: 2 },
    { onprogress: (progress) => seen.push(progress) },
  );
  const [best, next] = structured!['results'] as { file: string; line: number; score: number }[];
  expect(best).toMatchObject({ file: 'long.md', line: expect.any(Number), score: 1 });
  expect(best?.line).toBeGreaterThan(1);
  expect(next?.score).toBeLessThan(1);
  expect(Number(structured?.['candidates'])).toBeGreaterThan(800);
  for (const { message } of seen.filter(isReport))
    expect(message).toMatch(/^(embedding the query with|\d+ of 701 files(,|$))/);
});

test('files that are not text are left out with a notice if a pattern found them, else an error', async () => {
  using folder = await folderWith({
    'a.md': 'one',
    ...Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`b${index}.md`, new Uint8Array([0, index])])),
  });
  using cache = await folderWith({});
  await using server = await startScripted();
  watch(server);
  await using connection = await keeping(server, folder, cache);
  await connection.client.listTools();
  const { structured, text } = await rank(connection);
  expect(structured).toMatchObject({
    candidates: 1,
    results: [{ file: 'a.md' }],
    notices: [
      { code: 'files_left_out', message: expect.stringMatching(/^Left out: b0\.md is not a text.* And 2 more\.$/) },
    ],
  });
  expect(text).toContain('b0.md is not a text file.');
  for (const files of [['b0.md'], ['a.md', 'b1.md']])
    expect(await rank(connection, { files })).toMatchObject({
      isError: true,
      text: expect.stringContaining('is not a text'),
    });
  expect(await rank(connection, { files: ['b*'] })).toMatchObject({
    isError: true,
    text: expect.stringContaining('None of the files can be ranked.\nb0.md'),
  });
});

test('parts too long for a small model are split again, and most are cached the second time', async () => {
  using folder = await folderWith({ 'a.md': Array.from({ length: 3000 }, (_, index) => `word ${index}. `).join('') });
  using cache = await folderWith({});
  await using server = await startScripted();
  await using connection = await keeping(server, folder, cache);
  const tooLong = replyJson({ error: 'the input length exceeds the context length' }, 400);
  let taken = 0;
  server.always.on('POST /api/embed', ((request: { body: Record<string, unknown> }) => {
    const texts = [request.body['input']].flat().map(String);
    if (texts.some((text) => text.length > 600)) return tooLong;
    taken += texts.length;
    return undefined;
  }) as never);
  const first = await rank(connection, { k: 100 });
  const afterFirst = taken;
  const second = await rank(connection, { k: 100 });
  expect(second.structured?.['results']).toEqual(first.structured?.['results']);
  expect(afterFirst).toBeGreaterThan(50);
  // Only the query.
  expect(taken - afterFirst).toBe(1);
});

test('an error about one text names the query, the candidate, or the file and line', async () => {
  using folder = await folderWith({ 'a.md': `${'x\n'.repeat(700)}bad\n` });
  using cache = await folderWith({});
  await using server = await startScripted();
  await using connection = await keeping(server, folder, cache);
  server.always.on('POST /api/embed', ((request: { body: Record<string, unknown> }) =>
    [request.body['input']].flat().some((text) => String(text).includes('bad'))
      ? replyJson({ error: 'no such luck' }, 400)
      : undefined) as never);
  const texts = { candidates: ['fine', 'bad', 'fine too'], files: undefined };
  for (const [args, words] of [
    [{ ...texts, query: 'bad' }, 'query: no such luck'],
    [texts, 'candidates[1]: no such luck'],
    [{ ...texts, candidates: ['fine', ''] }, 'candidates[1] is empty.\nLeave it out.'],
    [{ ...texts, query: '' }, 'query is empty.'],
    [{}, 'a.md, line 601: no such luck'],
  ] as const) {
    const { isError, text } = await rank(connection, args);
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
    expect(text).not.toContain('input[');
  }
});

test('a cancelled call keeps its vectors so far', async () => {
  using folder = await folderWithMany(100);
  using cache = await folderWith({});
  await using server = await startScripted();
  await using connection = await keeping(server, folder, cache);
  const stall = gate();
  let requests = 0;
  // The query, two batches, and a batch that never ends.
  server.always.embed(({ body }) => {
    requests += 1;
    return requests === 4 ? raw({ body: [stall] }) : (body['input'] as string[]).map((text) => [text.length, 1]);
  });
  const controller = new AbortController();
  const { signal } = controller;
  const failed = expect(
    call(connection, 'ollama_rank', { model, query: 'q', files: ['**/*.md'] }, { signal }),
  ).rejects.toThrow();
  await stall.reached;
  controller.abort();
  await failed;
  const sent = watch(server);
  await rank(connection);
  expect(sent()).toHaveLength(1 + 100 - 64);
});

test('over its time budget, it returns the best so far, and continues as a job', async () => {
  using folder = await folderWithMany(600);
  using cache = await folderWith({});
  await using server = await startScripted();
  await using connection = await keeping(server, folder, cache);
  await connection.client.listTools();
  const stall = gate();
  server.always.embed(({ body }) => {
    const texts = body['input'] as string[];
    const embeddings = texts.map((text) => [text.length, 1]);
    if (!texts.includes('number 599')) return embeddings;
    const headers = { 'Content-Type': 'application/json' };
    return raw({ headers, body: [stall, JSON.stringify({ model, embeddings })] });
  });
  const first = await rank(connection, { _wait_ms: 1 });
  expect(first.structured).toMatchObject({ partial: true });
  const job = String(first.structured?.['job']);
  await stall.reached;
  const soFar = async () => (await call(connection, 'ollama_job', { job, action: 'read' })).structured;
  await expect.poll(soFar).toMatchObject({ state: 'running', candidates: 512, results: [{}, {}, {}, {}, {}] });
  stall.release();
  const last = await call(connection, 'ollama_job', { job, action: 'wait' });
  expect(last.structured).toMatchObject({ state: 'done', candidates: 600 });
});

test('with --cache-mb 0 nothing is kept, without a notice', async () => {
  using folder = await folderWithMany(3);
  using cache = await folderWith({});
  await using server = await startScripted();
  const sent = watch(server);
  await using connection = await keeping(server, folder, cache, ['--cache-mb', '0']);
  await rank(connection);
  const { structured } = await rank(connection);
  expect(sent()).toHaveLength(8);
  expect(structured).not.toHaveProperty('notices');
  expect(await readdir(cache.path)).toEqual([]);
});

test('the cache is not larger than --cache-mb', async () => {
  using folder = await folderWithMany(300);
  using cache = await folderWith({});
  await using server = await startScripted();
  server.always.embed(({ body }) => ({
    embeddings: (body['input'] as string[]).map((_, index) => Array.from({ length: 1024 }, (_, at) => at + index)),
  }));
  await using connection = await keeping(server, folder, cache, ['--cache-mb', '1']);
  for (let round = 0; round < 2; round++) expect((await rank(connection)).isError).toBe(false);
  await connection.client.close();
  // 300 vectors would take 2.5 MB.
  expect((await stat(join(cache.path, 'vectors.sqlite'))).size).toBeLessThanOrEqual(1_050_000);
});

test('if the cache is not writable, it still ranks, with a notice', async () => {
  using folder = await folderWithMany(3);
  using cache = await folderWith({ file: '', 'other/vectors.sqlite/x': '' });
  await using server = await startScripted();
  const sent = watch(server);
  for (const at of ['file/below', 'other']) {
    await using connection = await connect({
      host: server.host,
      args: ['--allow-dir', folder.path, '--cache-dir', join(cache.path, at), '--cache-mb', '100'],
    });
    for (let round = 0; round < 2; round++) {
      const { structured, text, isError } = await rank(connection);
      expect(isError, text).toBe(false);
      expect(structured).toMatchObject({ candidates: 3, notices: [{ code: 'vectors_not_kept' }] });
      expect(text).toContain(`${join(cache.path, at)} cannot be used (`);
      expect(text).toContain('--cache-dir');
    }
    expect(sent()).toHaveLength(8);
  }
});

test('on Node 20, which has no SQLite, it still ranks, with a notice', async ({ skip }) => {
  const node = runtimes.find(({ name }) => name === 'Node 20')?.program;
  if (node === undefined) return skip();
  using folder = await folderWithMany(3);
  using cache = await folderWith({});
  await using server = await startScripted();
  watch(server);
  await using connection = await connect({
    host: server.host,
    args: ['--allow-dir', folder.path, '--cache-dir', cache.path, '--cache-mb', '100'],
    node,
  });
  const { structured, text } = await rank(connection);
  expect(structured).toMatchObject({ candidates: 3, notices: [{ code: 'vectors_not_kept' }] });
  expect(text).toContain('this needs Node 22.13 or newer, and this is v20.');
});

test("by default the cache is in the system's cache folder, and nobody else can read it", async () => {
  using folder = await folderWithMany(1);
  using home = await folderWith({});
  await using server = await startScripted();
  watch(server);
  await using connection = await connect({
    host: server.host,
    args: ['--allow-dir', folder.path],
    env: { OLLAMA_MCP_CACHE_MB: '', XDG_CACHE_HOME: home.path },
  });
  await rank(connection);
  const { mode } = await stat(join(home.path, 'ollama-toolbelt'));
  expect(mode & 0o777).toBe(0o700);
  expect(await readdir(join(home.path, 'ollama-toolbelt'))).toContain('vectors.sqlite');
});

test('other tools, and servers without folders, keep nothing', async () => {
  using folder = await folderWithMany(1);
  using cache = await folderWith({});
  await using server = await startScripted();
  await using connection = await keeping(server, folder, cache);
  await call(connection, 'ollama_embed', { model, input: ['a'] });
  await rank(connection, { files: undefined, candidates: ['a'] });
  expect(await readdir(cache.path)).toEqual([]);
});

test('--check says where vectors are kept, or why they are not', async () => {
  using folder = await folderWith({ file: '' });
  await using server = await startScripted();
  const check = (at: string) =>
    runCli(['--check', '--host', server.host, '--allow-dir', folder.path, '--cache-dir', join(folder.path, at)]);
  const good = await check('cache');
  expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining(`cached in ${join(folder.path, 'cache')}`) });
  const bad = await check('file/cache');
  expect(bad).toMatchObject({ code: 0, stdout: expect.stringContaining('cannot be used (') });
});
