import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { folderWith } from '../fixtures/mcp/allowed-folder.ts';
import { call, connect } from '../fixtures/mcp/connect.ts';
import { startRaw } from '../fixtures/mcp/raw-process.ts';

const manage = ['--toolsets', 'inference,manage'];
const inside = 'what may be read';
const outside = 'what nobody may read';
const secretWeights = `GGUF\0${outside}`;

/** An attacker that swaps a folder with a link to another one and back, as fast as possible. */
async function swapping(folder: string, other: string): Promise<AsyncDisposable> {
  const program = fileURLToPath(new URL('swap-folder.ts', import.meta.url));
  const child = spawn(process.execPath, [program, folder, other], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Enough rounds for the attacker to win, and until a call has succeeded. */
const isDue = (round: number, succeeded: number) => round < 200 || (succeeded === 0 && round < 5000);

test('a folder that becomes a link between the check and the read is not followed', async () => {
  using allowed = await folderWith({ 'sub/a.txt': inside, 'sub/w.gguf': `GGUF\0${inside}` });
  using elsewhere = await folderWith({ 'a.txt': outside, 'w.gguf': secretWeights });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: [...manage, '--allow-dir', allowed.path] });
  const read = (count: number) =>
    call(connection, 'ollama_generate', {
      model: 'chat-model',
      prompt: 'x',
      files: Array.from({ length: count }, () => 'sub/a.txt'),
    });
  // Without the attacker, the folder can be read.
  expect((await read(1)).isError).toBe(false);
  await using _ = await swapping(join(allowed.path, 'sub'), elsewhere.path);
  for (let round = 0; round < 400; round++) {
    // A single file is sometimes read; with several, one nearly always fails.
    const { isError, text } = await read(round % 2 === 0 ? 1 : 8);
    if (isError) expect(text).toMatch(/in the allowed folders|cannot be read/);
    if (round % 8 === 0)
      await call(connection, 'ollama_create_model', { model: `m${round}`, modelfile: 'FROM sub/w.gguf' });
  }
  expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toContain(outside);
  expect([...server.blobs]).not.toContain(`sha256:${createHash('sha256').update(secretWeights).digest('hex')}`);
});

test('patterns do not search a folder that became a link, or reveal its file names', async () => {
  using allowed = await folderWith({ 'sub/a.txt': inside, 'sub/deep/b.txt': inside, 'c.txt': inside });
  using elsewhere = await folderWith({ 'hidden-name.txt': outside, 'deep/other-name.txt': outside });
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--allow-dir', allowed.path] });
  await connection.client.listTools();
  const read = () =>
    call(connection, 'ollama_generate', {
      model: 'chat-model',
      prompt: 'x',
      files: ['sub/*.txt', '**/*.txt'],
      for_each: 'file',
    });
  const names = ({ structured }: Awaited<ReturnType<typeof read>>) =>
    ((structured?.['answers'] ?? []) as { file: string }[]).map(({ file }) => file);
  expect(names(await read())).toEqual(['sub/a.txt', 'c.txt', 'sub/deep/b.txt']);
  await using _ = await swapping(join(allowed.path, 'sub'), elsewhere.path);
  let found = 0;
  for (let round = 0; isDue(round, found); round++) {
    const result = await read();
    found += names(result).length;
    expect(result.text).not.toMatch(/hidden-name|other-name/);
    // The message is the same whether or not the file exists.
    if (result.isError) expect(result.text).toMatch(/There is no file|cannot be read/);
  }
  expect(found).toBeGreaterThan(0);
  expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toContain(outside);
});

test('an output is not written to a folder that became a link', async () => {
  using allowed = await folderWith({ 'a.txt': inside });
  using out = await folderWith({ 'sub/x': '' });
  using elsewhere = await folderWith({ 'here.txt': outside });
  await using server = await startScripted();
  await using connection = await connect({
    host: server.host,
    args: ['--allow-dir', allowed.path, '--allow-write', out.path],
  });
  await connection.client.listTools();
  const write = (name: string, prompt: string) =>
    call(connection, 'ollama_generate', {
      model: 'chat-model',
      prompt,
      files: ['a.txt'],
      for_each: 'file',
      output: `sub/${name}.jsonl`,
    });
  expect((await write('first', 'x')).isError).toBe(false);
  await using _ = await swapping(join(out.path, 'sub'), elsewhere.path);
  let written = 0;
  for (let round = 0; isDue(round, written); round++) {
    // New files, and one that is overwritten each time.
    const { isError, text } = await write(round % 2 === 0 ? 'first' : `new-${round}`, `x ${round}`);
    if (isError) expect(text).toMatch(/^output: .*(not in a folder that may be|cannot be written|was moved)/);
    else written += 1;
  }
  expect(written).toBeGreaterThan(0);
  expect(readdirSync(elsewhere.path)).toEqual(['here.txt']);
});

test('a pipe instead of a file does not block', async () => {
  using allowed = await folderWith({ 'model/config.json': '{}' });
  for (const name of ['model/x.gguf', 'model/tokenizer.model', 'text.txt'])
    execFileSync('mkfifo', [join(allowed.path, name)]);
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: [...manage, '--allow-dir', allowed.path] });
  for (const modelfile of ['FROM ./model', 'FROM ./model/x.gguf', 'FROM chat-model\nADAPTER ./model/x.gguf']) {
    const { isError, text } = await call(connection, 'ollama_create_model', { model: 'mine', modelfile });
    expect({ isError, text }, modelfile).toEqual({
      isError: true,
      text: expect.stringMatching(/not a file|no .* files found/),
    });
  }
  const { isError, text } = await call(connection, 'ollama_generate', {
    model: 'chat-model',
    prompt: 'x',
    files: ['text.txt'],
  });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('is not a file') });
});

test('a pipe instead of an output does not block', async () => {
  using folder = await folderWith({ 'a.txt': inside });
  execFileSync('mkfifo', [join(folder.path, 'pipe.jsonl')]);
  await using server = await startScripted();
  const args = ['--allow-dir', folder.path, '--allow-write', folder.path];
  await using connection = await connect({ host: server.host, args });
  const { isError, text } = await call(connection, 'ollama_generate', {
    model: 'chat-model',
    prompt: 'x',
    files: ['a.txt'],
    for_each: 'file',
    output: 'pipe.jsonl',
  });
  expect({ isError, text }).toEqual({ isError: true, text: expect.stringContaining('is not a file') });
});

test.each(['SIGTERM', 'the end of stdin'] as const)(
  'a system call that never returns does not keep the process running after %s',
  async (how) => {
    using folder = await folderWith({
      'hang.mjs': "import { open } from 'node:fs'; open(process.env.PIPE, 'r', () => {});",
    });
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    await using raw = await startRaw({
      nodeArgs: ['--import', join(folder.path, 'hang.mjs')],
      env: { PIPE: join(folder.path, 'pipe') },
    });
    await raw.request('tools/list');
    const exited = once(raw.child, 'exit');
    if (how === 'SIGTERM') raw.child.kill('SIGTERM');
    else raw.child.stdin.end();
    // The call never returns, so without its own timeout the process would never exit.
    await exited;
  },
);
