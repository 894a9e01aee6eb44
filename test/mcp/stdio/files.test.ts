import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faults, scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { call, connect, hello } from '../../fixtures/mcp/connect.ts';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB', 'base64');
const allow = (...folders: { path: string }[]) => folders.flatMap(({ path }) => ['--allow-dir', path]);

test('files are added before the text of the last user message, with their names', async () => {
  using folder = await folderWith({ 'notes.txt': 'Ada was born in 1815.', 'sub/more.md': '# More' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const { isError } = await call(connection, 'ollama_chat', {
    model: 'chat-model',
    messages: [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'When was she born?' },
    ],
    files: ['notes.txt', join(folder.path, 'sub/more.md')],
  });
  expect(isError).toBe(false);
  expect(server.lastRequest.body).toEqual({
    model: 'chat-model',
    messages: [
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: `<file name="notes.txt">\nAda was born in 1815.\n</file>\n\n<file name=${JSON.stringify(
          join(folder.path, 'sub/more.md'),
        )}>\n# More\n</file>\n\nWhen was she born?`,
      },
    ],
    truncate: false,
    stream: true,
  });
});

test('generate accepts files too; without files, `truncate` is not sent', async () => {
  using folder = await folderWith({ 'notes.txt': 'text' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const args = { model: 'chat-model', prompt: 'Sum up.' };
  await call(connection, 'ollama_generate', { ...args, files: ['notes.txt'] });
  expect(server.lastRequest.body).toEqual({
    ...args,
    prompt: '<file name="notes.txt">\ntext\n</file>\n\nSum up.',
    truncate: false,
    stream: true,
  });
  await call(connection, 'ollama_generate', args);
  expect(server.lastRequest.body).toEqual({ ...args, stream: true });
});

test('without an allowed folder the argument does not exist', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  const { isError, text } = await call(connection, 'ollama_chat', { ...hello, files: ['/etc/hostname'] });
  expect(isError).toBe(true);
  expect(text).toMatch(/files: unknown/);
  expect(server.requests).toEqual([]);
});

test('no kind of path can read outside the folders', async () => {
  using folder = await folderWith({ 'in.txt': 'in' });
  using outside = await folderWith({ 'secret.txt': 'secret words' });
  const secret = join(outside.path, 'secret.txt');
  await symlink(secret, join(folder.path, 'link.txt'));
  await symlink(outside.path, join(folder.path, 'way'));
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  for (const path of [
    secret,
    'link.txt',
    'way/secret.txt',
    `../${outside.path.split('/').at(-1)}/secret.txt`,
    join(folder.path, '..', outside.path.split('/').at(-1) ?? '', 'secret.txt'),
    `${folder.path}-other/secret.txt`,
    // Windows would contact another machine.
    `/${secret}`,
    '\\\\server\\share\\secret.txt',
    'gone.txt',
  ]) {
    for (const [tool, args] of [
      ['ollama_chat', { ...hello, files: [path] }],
      ['ollama_rank', { model: 'embedding-model', query: 'q', files: [path] }],
    ] as const) {
      const { isError, text } = await call(connection, tool, args);
      expect(isError, path).toBe(true);
      expect(text, path).not.toContain('secret words');
      expect(text, path).toMatch(/^There is no file .* in the allowed folders\.\n/);
    }
  }
  expect(server.requests).toEqual([]);
});

test('a link within the folders is followed', async () => {
  using folder = await folderWith({ 'real.txt': 'inside' });
  await symlink(join(folder.path, 'real.txt'), join(folder.path, 'link.txt'));
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  expect((await call(connection, 'ollama_chat', { ...hello, files: ['link.txt'] })).isError).toBe(false);
  expect(JSON.stringify(server.lastRequest.body)).toContain('inside');
});

test('paths that are not text, too large or not files are refused by name', async () => {
  using folder = await folderWith({
    'data.bin': new Uint8Array([1, 0, 2]),
    'latin.txt': new Uint8Array([0x47, 0x72, 0xfc, 0xdf]),
    'large.txt': 'x'.repeat(4_000_001),
    'sub/x.txt': 'x',
  });
  execFileSync('mkfifo', [join(folder.path, 'pipe')]);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  for (const [path, words] of [
    ['data.bin', 'data.bin is not a text file.'],
    ['latin.txt', 'latin.txt is not a text file.'],
    ['large.txt', 'large.txt has 4000001 bytes; 4000000 is the most.'],
    ['sub', 'sub is not a file.'],
    ['pipe', 'pipe is not a file.'],
  ] as const) {
    const { isError, text } = await call(connection, 'ollama_chat', { ...hello, files: ['sub/x.txt', path] });
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
  }
  expect(server.requests).toEqual([]);
});

test('too many or too large files are refused', async () => {
  using folder = await folderWith({ 'a.txt': 'x'.repeat(3_000_000) });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  for (const [count, words] of [
    [51, 'files: 51 are too many'],
    [3, '9000000 characters together'],
  ] as const) {
    const files = Array.from({ length: count }, () => 'a.txt');
    const { isError, text } = await call(connection, 'ollama_chat', { ...hello, files });
    expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining(words) });
  }
  expect(server.requests).toEqual([]);
});

test('text with a UTF-16 byte order mark is text', async () => {
  using folder = await folderWith({ 'wide.txt': Buffer.from('\ufeffGrüße', 'utf16le') });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await call(connection, 'ollama_chat', { ...hello, files: ['wide.txt'] });
  expect(JSON.stringify(server.lastRequest.body)).toContain('Grüße');
});

test('files that do not fit are sent again with a larger context', async () => {
  using folder = await folderWith({ 'long.txt': 'word '.repeat(2000) });
  await using server = await startScripted({ models: [scriptedModel({ name: 'chat-model', contextLength: 32_768 })] });
  await using connection = await connect({ host: server.host, args: allow(folder) });
  for (const [route, tool, args] of [
    ['/api/chat', 'ollama_chat', hello],
    ['/api/generate', 'ollama_generate', { model: 'chat-model', prompt: 'Sum up.' }],
  ] as const) {
    server.on(`POST ${route}`, faults.nestedError());
    const { structured, text } = await call(connection, tool, {
      ...args,
      files: ['long.txt'],
      options: { num_ctx: 512, seed: 1 },
    });
    const [first, second] = server.requestsTo(route).map(({ body }) => body);
    expect(first).toMatchObject({ truncate: false, options: { num_ctx: 512, seed: 1 } });
    // 10,008 tokens plus room for the answer, rounded up to a multiple of 1024.
    expect(second).toMatchObject({ truncate: false, options: { num_ctx: 12_288, seed: 1 } });
    expect(server.requestsTo(route)).toHaveLength(2);
    expect(structured).toMatchObject({ notices: [{ code: 'context_raised' }] });
    expect(text).toContain('num_ctx was raised to 12288');
  }
});

test('the call decides how much room the answer gets', async () => {
  using folder = await folderWith({ 'long.txt': 'word' });
  await using server = await startScripted({ models: [scriptedModel({ name: 'chat-model', contextLength: 11_000 })] });
  await using connection = await connect({ host: server.host, args: allow(folder) });
  server.chat(faults.nestedError());
  await call(connection, 'ollama_chat', { ...hello, files: ['long.txt'], options: { num_predict: 100 } });
  expect(server.lastRequest.body).toMatchObject({ options: { num_ctx: 10_240, num_predict: 100 } });
});

test('files that exceed the model give an error with size and limit, and are not truncated', async () => {
  using folder = await folderWith({ 'long.txt': 'word '.repeat(2000) });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  server.chat(faults.nestedError());
  const { isError, text } = await call(connection, 'ollama_chat', { ...hello, files: ['long.txt'] });
  expect(isError).toBe(true);
  expect(text.split('\n')).toEqual([
    'The prompt with its files has 10008 tokens; chat-model takes 8192 at most.',
    expect.stringContaining('ollama_rank'),
  ]);
  expect(server.requestsTo('/api/chat')).toHaveLength(1);
});

test('if the server still refuses, its error is returned without more attempts', async () => {
  using folder = await folderWith({ 'long.txt': 'word' });
  await using server = await startScripted({ models: [scriptedModel({ name: 'chat-model', contextLength: 32_768 })] });
  await using connection = await connect({ host: server.host, args: allow(folder) });
  server.always.chat(faults.nestedError());
  const { isError, text } = await call(connection, 'ollama_chat', { ...hello, files: ['long.txt'] });
  expect(isError).toBe(true);
  expect(text).toContain('10008 tokens');
  expect(server.requestsTo('/api/chat')).toHaveLength(2);
});

test('images are base64 or allowed paths, recognized by their first bytes', async () => {
  using folder = await folderWith({ 'a.png': PNG, 'b.png': 'no image' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  const base64 = PNG.toString('base64');
  await call(connection, 'ollama_chat', { ...hello, images: ['a.png', base64, `data:image/png;base64,${base64}`] });
  expect(server.lastRequest.body).toMatchObject({
    messages: [{ role: 'user', content: 'Hi', images: [base64, base64, base64] }],
  });
  await call(connection, 'ollama_generate', { model: 'chat-model', prompt: 'Look', images: ['a.png'] });
  expect(server.lastRequest.body).toMatchObject({ prompt: 'Look', images: [base64] });
  const count = server.requests.length;
  const failed = async (images: string[]) => {
    const { isError, text } = await call(connection, 'ollama_chat', { ...hello, images });
    expect(isError).toBe(true);
    return text;
  };
  expect(await failed([base64, 'b.png'])).toContain('images[1]: b.png is not an image (PNG, JPEG');
  expect(await failed(['../x.png'])).toContain('There is no file ../x.png');
  expect(await failed(['data:text/plain;base64,aGVsbG8gd29ybGQh'])).toContain('images[0] is not the base64 text');
  expect(server.requests).toHaveLength(count);
});

test('without an allowed folder an image is base64 text or an error', async () => {
  await using server = await startScripted();
  await using connection = await connect(server);
  for (const image of ['/etc/hostname', 'http://127.0.0.1/x.png', Buffer.from('no image at all').toString('base64')]) {
    const { text, isError } = await call(connection, 'ollama_generate', {
      model: 'chat-model',
      prompt: 'Look',
      images: [image],
    });
    expect(isError).toBe(true);
    expect(text).toContain('images[0] is not the base64 text of an image');
  }
  expect(server.requests).toEqual([]);
});

test('a folder that does not exist is an error in the settings', async () => {
  await expect(connect({ host: 'http://127.0.0.1:9', args: ['--allow-dir', '/no/such/folder'] })).rejects.toThrow();
});

test('each call reads the current content of a file', async () => {
  using folder = await folderWith({ 'x.txt': 'before' });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: allow(folder) });
  await call(connection, 'ollama_chat', { ...hello, files: ['x.txt'] });
  await writeFile(join(folder.path, 'x.txt'), 'after');
  await call(connection, 'ollama_chat', { ...hello, files: ['x.txt'] });
  expect(JSON.stringify(server.lastRequest.body)).toContain('after');
});
