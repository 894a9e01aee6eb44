/** `call TOOL`: one tool from a shell. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../fixtures/mcp/allowed-folder.ts';
import { cli, hello, nowhere } from '../../fixtures/mcp/connect.ts';
import { runCli } from '../../fixtures/mcp/run-cli.ts';
import { startServer } from '../../fixtures/mcp/server-process.ts';
import { compileCache } from '../../fixtures/run-folder.ts';

const chat = JSON.stringify(hello);

test("only the model's text goes to stdout", async () => {
  await using server = await startScripted();
  server.chat({ text: ['Hel', 'lo'] });
  const ended = await runCli(['call', 'ollama_chat', chat], { env: { OLLAMA_HOST: server.host } });
  expect(ended).toEqual({ code: 0, stdout: 'Hello\n', stderr: '' });
});

test('--json prints the structured result on one line', async () => {
  await using server = await startScripted();
  const { code, stdout } = await runCli(['call', 'ollama_chat', chat, '--json', '--host', server.host]);
  expect(code).toBe(0);
  expect(stdout.trimEnd()).not.toContain('\n');
  expect(JSON.parse(stdout)).toMatchObject({
    model: 'chat-model',
    text: expect.stringMatching(/^Hello/),
    done_reason: 'stop',
  });
});

test('- takes the arguments from stdin', async () => {
  await using server = await startScripted();
  const ended = await runCli(['call', 'ollama_chat', '-'], { env: { OLLAMA_HOST: server.host }, stdin: chat });
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Hello/) });
});

test('a default model may be used, and arguments may be left out', async () => {
  await using server = await startScripted();
  const args = ['call', 'ollama_generate', '{"prompt":"Hi"}', '--model', 'chat-model', '--host', server.host];
  expect(await runCli(args)).toMatchObject({ code: 0 });
  expect(server.lastRequest.body).toMatchObject({ model: 'chat-model' });
  const listed = await runCli(['call', 'ollama_list_models', '--host', server.host]);
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('embedding-model') });
});

test('an answer that reached its maximum length says so on stderr', async () => {
  await using server = await startScripted();
  server.chat({ text: 'cut', doneReason: 'length' });
  expect(await runCli(['call', 'ollama_chat', chat, '--host', server.host])).toMatchObject({
    code: 0,
    stdout: 'cut\n',
    stderr: expect.stringContaining('reached its maximum length'),
  });
});

test('stderr does not repeat the text of a result', async () => {
  using folder = await folderWith({ 'a.md': 'one', 'b.md': new Uint8Array([0]) });
  await using server = await startScripted();
  const args = { model: 'embedding-model', query: 'q', files: ['*.md'] };
  const { code, stdout, stderr } = await runCli([
    'call',
    'ollama_rank',
    JSON.stringify(args),
    '--allow-dir',
    folder.path,
    '--cache-mb',
    '0',
    '--host',
    server.host,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Notice: Left out: b.md is not a text file.');
});

test('progress goes to stderr with --verbose', async () => {
  await using server = await startScripted();
  const stop = gate();
  server.chat({ text: ['one ', stop, 'two'] });
  let said = '';
  const { stdout } = await runCli(['call', 'ollama_chat', chat, '--verbose', '--host', server.host], {
    onStart: ({ stderr }) =>
      stderr.on('data', (data: Buffer) => {
        said += data.toString();
        if (said.includes('1 token')) stop.release();
      }),
  });
  expect(stdout).toBe('one two\n');
});

test.each([
  ['the model is missing', { ...hello, model: 'chat-modle' }, 'chat-model'],
  ['Ollama is down', hello, 'ECONNREFUSED'],
])('if %s, it exits with 1 and says what to do', async (why, args, text) => {
  await using server = await startScripted();
  const host = why === 'Ollama is down' ? nowhere : server.host;
  const ended = await runCli(['call', 'ollama_chat', JSON.stringify(args), '--host', host]);
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(text) });
});

test.each([
  [['ollama_chta', '{}'], 'There are: ollama_chat'],
  [['ollama_chat', '{'], 'The arguments are not valid JSON'],
  [['ollama_chat', '[]'], 'should be a JSON object'],
  [['ollama_chat', '{"model":1}'], 'model: should be text'],
  [['ollama_chat', '{}', 'more'], 'one quoted JSON object'],
  [['ollama_chat', chat, '--jsno'], 'Did you mean --json?'],
])('wrong usage, %j, exits with 2 before any request', async (words, text) => {
  await using server = await startScripted();
  const ended = await runCli(['call', ...words, '--host', server.host]);
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(text) });
  expect(server.requests).toEqual([]);
});

test('without a tool it lists all tools, or with --read-only, only those that change nothing', async () => {
  const all = await runCli(['call']);
  expect(all.code).toBe(0);
  expect(all.stdout).toMatch(/^ollama_chat {2,}\S/m);
  const tools = (await runCli(['call', '--json', '--read-only'])).stdout;
  const names = JSON.parse(tools) as { name: string; annotations: { readOnlyHint: boolean } }[];
  expect(names.map(({ name }) => name)).toContain('ollama_chat');
  expect(names.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
});

test('a guarded tool requires the name again, and then runs', async () => {
  await using server = await startScripted();
  const remove = (args: object) => runCli(['call', 'ollama_delete_model', JSON.stringify(args), '--host', server.host]);
  const refused = await remove({ model: 'chat-model' });
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('confirm') });
  expect(server.requestsTo('/api/delete')).toEqual([]);
  expect(await remove({ model: 'chat-model', confirm: 'chat-model' })).toMatchObject({ code: 0 });
  expect(server.requestsTo('/api/delete')).toHaveLength(1);
});

test('nothing is cut: any number of vectors is returned', async () => {
  await using server = await startScripted();
  const input = Array.from({ length: 40 }, (_, index) => `text ${index}`);
  server.always.embed((request) => (request.body['input'] as string[]).map(() => new Array(1024).fill(0.5)));
  const args = JSON.stringify({ model: 'embedding-model', input, include_vectors: true });
  const { code, stdout } = await runCli(['call', 'ollama_embed', '-', '--json', '--host', server.host], {
    stdin: args,
  });
  expect(code).toBe(0);
  const { embeddings } = JSON.parse(stdout) as { embeddings: number[][] };
  expect(embeddings).toHaveLength(40);
  expect(embeddings.flat()).toHaveLength(40 * 1024);
});

test.each([
  ['before the headers', faults.stallBeforeHeaders],
  ['in the stream', faults.stallMidStream],
])('Ctrl-C %s closes the connection to Ollama', async (_, fault) => {
  await using server = await startScripted();
  const stall = gate();
  server.chat(fault(stall));
  let child: ChildProcess | undefined;
  const ended = runCli(['call', 'ollama_chat', chat, '--host', server.host], {
    onStart: (started) => {
      child = started;
    },
  });
  await stall.reached;
  child?.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stdout: '' });
  await expect(server.lastRequest.closed).resolves.toBe('aborted');
});

test('it ends quietly if its output is closed', async () => {
  await using server = await startScripted();
  server.chat({ text: 'x'.repeat(4 * 1024 * 1024) });
  const ended = await runCli(['call', 'ollama_chat', chat, '--host', server.host], {
    onStart: ({ stdout }) => stdout.once('data', () => stdout.destroy()),
  }).catch((error: NodeJS.ErrnoException) => error.code);
  // The reader in this test is closed too. This only checks that the process did not hang.
  expect(ended).toBe('ERR_STREAM_PREMATURE_CLOSE');
});

describe.each([
  ['--help', ['--help']],
  ['--print-config', ['--print-config', 'cursor']],
  ['call', ['call']],
  ['a call', ['call', 'ollama_list_models']],
])('output of %s', (_, args) => {
  test('that nobody reads ends it quietly, as in a shell', async () => {
    await using server = await startScripted();
    const child = startServer({ args, env: { OLLAMA_HOST: server.host } });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(stderr).not.toMatch(/Error|cannot/);
    expect(code).toBe(141);
  });

  test.skipIf(!existsSync('/dev/full'))('that has no room on the disk is a failure', async () => {
    await using server = await startScripted();
    await using full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...compileCache(), OLLAMA_HOST: server.host },
      stdio: ['ignore', full.fd, 'pipe'],
    });
    const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')]);
    expect(stderr.split('\n').at(-2)).toBe('ollama-toolbelt-mcp: The output cannot be written (ENOSPC).');
    expect(code).toBe(1);
  });
});
