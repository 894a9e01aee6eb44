import { replyJson, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect, hello } from '../../fixtures/mcp/connect.ts';

/** The limit of a host for both forms of a result together. */
const MOST_TOKENS = 25_000;

const tokensOf = ({ text, structured }: { text: string; structured: unknown }) =>
  countTokens(text) + countTokens(JSON.stringify(structured));

test.each([
  ['prose', 'The quick brown fox jumps over the lazy dog. '],
  ['code', 'if(x[i]!==null){y+=f(a,b)||"z";}\n'],
  ['numbers', '0.123456789,-42.5,'],
  ['Chinese', '模型在本地运行，不会离开这台机器。'],
  ['emoji', '🦙🧪🔥'],
])('a long answer of %s is cut to the limit of a host, with a notice', async (_, piece) => {
  await using server = await startScripted();
  await using connection = await connect(server);
  await connection.client.listTools();
  const long = piece.repeat(Math.ceil(300_000 / piece.length));
  server.chat({ text: long });
  const result = await call(connection, 'ollama_chat', hello);
  expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
  expect(tokensOf(result)).toBeGreaterThan(4_000);
  const mark = new RegExp(`\\n\\[cut: \\d+ of ${long.length} characters\\]`);
  expect(result.text).toMatch(mark);
  expect(String(result.structured?.['text'])).toMatch(mark);
  expect(() => encodeURIComponent(result.text)).not.toThrow();
});

test('several long answers are each cut, and short ones stay whole', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.always.generate(({ body }) => ({ text: body['prompt'] === 'short' ? 'short' : 'long words '.repeat(20_000) }));
  const result = await call(connection, 'ollama_generate', { model: 'chat-model', prompts: ['a', 'short', 'b'] });
  expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
  const [first, second, third] = result.structured!['answers'] as { text: string }[];
  expect(second?.text).toBe('short');
  for (const answer of [first, third]) expect(answer?.text.length).toBeGreaterThan(10_000);
});

test('vectors never flood a context, however many are requested', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  for (const [count, dimensions] of [
    [100, 64],
    [4, 768],
    [2, 4096],
  ] as const) {
    // Ollama returns 32-bit numbers, with at most nine digits.
    const vector = Array.from({ length: dimensions }, (_, at) => Number((-Math.sin(at) / 20).toPrecision(9)));
    server.always.embed(({ body }) => ({ embeddings: (body['input'] as string[]).map(() => vector) }));
    const result = await call(connection, 'ollama_embed', {
      model: 'embedding-model',
      input: Array.from({ length: count }, (_, index) => `text ${index}`),
      include_vectors: true,
    });
    expect(result.isError, result.text).toBe(false);
    expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
    const shown = (result.structured!['embeddings'] as unknown[]).length;
    expect(result.structured).toMatchObject({ count, embeddings_left_off: count - shown });
    // The resource has all of them.
    const uri = String(result.structured?.['resource']);
    const { contents } = await connection.client.readResource({ uri });
    const kept = JSON.parse((contents[0] as { text: string }).text) as { embeddings: number[][] };
    expect(kept.embeddings).toHaveLength(count);
    expect(kept.embeddings[0]).toHaveLength(dimensions);
  }
});

test('an embedding has the address of its vectors, and only text blocks, which all clients accept', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { content, structuredContent } = await connection.client.callTool({
    name: 'ollama_embed',
    arguments: { model: 'embedding-model', input: ['a', 'b'] },
  });
  const { resource } = structuredContent as { resource: string };
  expect(resource).toMatch(/^ollama:\/\/embeddings\/[0-9a-f-]{36}$/);
  expect(content).toEqual([{ type: 'text', text: expect.stringContaining(resource) }]);
});

test('too many vectors to keep have a notice and no link', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const vector = Array.from({ length: 100_001 }, () => 1);
  server.always.embed(({ body }) => ({ embeddings: (body['input'] as string[]).map(() => vector) }));
  const input = Array.from({ length: 20 }, (_, index) => `text ${index}`);
  const { structured } = await call(connection, 'ollama_embed', { model: 'embedding-model', input });
  expect(structured).toMatchObject({ count: 20, notices: [{ code: 'not_kept' }] });
  expect(structured).not.toHaveProperty('resource');
});

test('with very many models the list has the first ones, and the total', async () => {
  const models = Array.from({ length: 500 }, (_, index) =>
    scriptedModel({ name: `model-with-a-name-${index}:latest` }),
  );
  await using server = await startScripted({ models });
  await using connection = await connect(server);
  await connection.client.listTools();
  const result = await call(connection, 'ollama_list_models');
  expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
  expect(result.structured).toMatchObject({ models_left_off: 300 });
  expect(result.text).toMatch(/\[200 of 500 models\]$/);
});

test('a model with long texts is shown within the limit', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.on(
    'POST /api/show',
    replyJson({ license: 'word '.repeat(50_000), template: 't'.repeat(100_000), details: {}, model_info: {} }),
  );
  const result = await call(connection, 'ollama_show_model', { model: 'chat-model', verbose: true });
  expect(tokensOf(result)).toBeLessThanOrEqual(MOST_TOKENS);
  expect(result.text).toContain('of 250000 characters]');
});

test('control characters from a model are escaped', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const evil = '\u001b[2J\u001b]0;title\u0007red\u001b[31m\r\nok\ttab\b\u009b1m\u007f';
  server.chat({ thinking: [evil], text: [evil, evil], toolCalls: [{ name: 'f', arguments: { a: evil } }] });
  const pieces: string[] = [];
  const { text, structured } = await call(
    connection,
    'ollama_chat',
    { ...hello, model: 'thinking-model' },
    { onprogress: (progress) => pieces.push(JSON.stringify(progress)) },
  );
  for (const shown of [text, JSON.stringify(structured), ...pieces]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the purpose is to find them
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\\u00(0[0-8bcef]|1|7f|[89])/);
  }
  expect(structured?.['text']).toContain('␛[31m\r\nok\ttab␈');
});

test('the error for a long interrupted answer has as much of it as fits', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({ text: '🦙'.repeat(50_000), failure: 'crashed' });
  const { text, isError } = await call(connection, 'ollama_chat', hello);
  expect(isError).toBe(true);
  expect(countTokens(text)).toBeLessThanOrEqual(MOST_TOKENS);
  expect(text).toMatch(/crashed.*\nIncomplete answer, 100000 characters:\n🦙.*\n\[cut: \d+ of 100000 characters\]$/su);
});

test('control characters in an error are escaped too', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  server.chat({ text: ['half \u001b[31m'], failure: 'crashed \u001b[31m' });
  const { text, isError } = await call(connection, 'ollama_chat', hello);
  expect(isError).toBe(true);
  expect(text).not.toContain('\u001b');
});

test('rank returns the best texts and parts of files', async () => {
  using folder = await folderWith({
    'notes.md': `${'The weather was fine today. '.repeat(60)}\n\nThe llama eats grass on the hill.\n\n${'Stocks fell again. '.repeat(60)}`,
  });
  await using server = await startScripted();
  await using connection = await connect({
    host: server.host,
    args: ['--allow-dir', folder.path, '--embed-model', 'embedding-model'],
  });
  await connection.client.listTools();
  server.always.embed(({ body }) => ({
    embeddings: (body['input'] as string[]).map((text) => (text.includes('llama') ? [0.8, 0.6] : [0, 1])),
  }));
  const { structured, text } = await call(connection, 'ollama_rank', {
    query: 'What does the llama eat?',
    candidates: ['Cars drive.', 'A llama.'],
    files: ['notes.md'],
    k: 2,
  });
  expect(structured).toMatchObject({
    model: 'embedding-model',
    results: [
      { index: 1, score: 1, text: 'A llama.' },
      { file: 'notes.md', score: 1, line: expect.any(Number), text: expect.stringContaining('llama eats grass') },
    ],
  });
  expect(text).toMatch(/^2 of \d+ by embedding-model:\n1 candidate 1:\nA llama\.\n1 notes\.md, line \d+:\n/);
  expect(server.lastRequest.body).toMatchObject({ truncate: false });
  const all = await call(connection, 'ollama_rank', { query: 'x', candidates: ['a', 'b'] });
  expect(all.structured).toMatchObject({ candidates: 2, results: [{ index: 0 }, { index: 1 }] });
  const none = await call(connection, 'ollama_rank', { query: 'x' });
  expect(none).toMatchObject({ isError: true, text: expect.stringContaining('nothing to rank') });
});

test('parts of files too long for a small model are split again; a text gives an error that names it', async () => {
  using folder = await folderWith({ 'notes.txt': 'word word. '.repeat(300) });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--allow-dir', folder.path] });
  const tooLong = replyJson({ error: 'the input length exceeds the context length' }, 400);
  server.always.on('POST /api/embed', ((request: { body: Record<string, unknown> }) =>
    [request.body['input']].flat().some((text) => String(text).length > 600) ? tooLong : undefined) as never);
  const args = { model: 'embedding-model', query: 'x' };
  const { structured } = await call(connection, 'ollama_rank', { ...args, files: ['notes.txt'], k: 100 });
  for (const { text } of structured!['results'] as { text: string }[]) expect(text.length).toBeLessThanOrEqual(600);
  const { isError, text } = await call(connection, 'ollama_rank', { ...args, candidates: ['x'.repeat(700)] });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('exceeds the context length') });
});
