/** The demo as a person starts it, on servers that answer and on those that do not. Needs the built MCP server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  faults,
  type LlamaServer,
  NoEngineError,
  raw,
  startLlama,
  startScripted,
} from '@ollama-toolbelt/ollama-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finished, runDemo, startDemo } from './run-demo.ts';

/** Nothing listens on port 1. */
const DEAD = '127.0.0.1:1';
const folder = mkdtempSync(join(tmpdir(), 'ollama-toolbelt-demo-'));
let llama: LlamaServer | undefined;

beforeAll(async () => {
  llama = await startLlama().catch((error: unknown) => {
    if (error instanceof NoEngineError) return undefined;
    throw error;
  });
});
afterAll(async () => {
  await llama?.close();
  rmSync(folder, { recursive: true });
});

const schemaFile = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('on a server that OLLAMA_HOST names', () => {
  test('shows every step, plain in a pipe', async ({ skip }) => {
    if (!llama) return skip('llama.cpp has no build for this machine');
    const { code, stdout, stderr } = await runDemo({ OLLAMA_HOST: llama.host });
    expect(stderr).toBe('');
    expect(stdout).toContain(`Ollama: ${llama.host}, version`);
    expect(stdout).toContain('Models: pocket:latest to chat, pocket-embed:latest to embed');
    for (const tool of ['ollama_chat', 'ollama_generate', 'ollama_embed', 'ollama_list_models', 'ollama_status']) {
      expect(stdout).toContain(tool);
    }
    expect(stdout).toContain('The sky is blue because air scatters blue light');
    expect(stdout).toContain('"city": "Oslo"');
    expect(stdout).toMatch(/\n +0\.\d+ {2}The sky is blue because air scatters blue light\.\n/);
    expect(stdout).toContain("model 'no-such-model' not found");
    expect(stdout).toContain('ollama pull no-such-model');
    for (const host of ['Claude Desktop', 'Claude Code', 'VS Code', 'Cursor']) expect(stdout).toContain(host);
    expect(stdout).toContain(`"OLLAMA_HOST": "${llama.host}"`);
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
  });

  test('downloads a model first, and shows how far that is', async () => {
    await using server = await startScripted({ models: [] });
    const layer = (digest: string, completed: number) => ({
      status: `pulling ${digest}`,
      digest,
      total: 1000,
      completed,
    });
    server.pull(['pulling manifest', layer('a', 500), layer('a', 1000), layer('b', 510), 'success']);
    const { stdout } = await runDemo({ OLLAMA_HOST: server.host }, '--pull', 'llama3.2:1b');
    expect(server.requestsTo('/api/pull')[0]?.body).toMatchObject({ model: 'llama3.2:1b' });
    expect(stdout).toContain(`
  pulling manifest
  pulling a: 50 %, 0.5 of 1.0 kB
  pulling a: 99 %, 1.0 of 1.0 kB
  pulling b: 99 %, 1.5 of 2.0 kB
  success: 100 %, 2.0 of 2.0 kB
`);
  });

  test('takes another schema and other models', async ({ skip }) => {
    if (!llama) return skip('llama.cpp has no build for this machine');
    const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
    const { code, stdout } = await runDemo(
      { OLLAMA_HOST: llama.host, OLLAMA_MODEL: 'pocket-thinking', OLLAMA_EMBED_MODEL: 'pocket-embed' },
      '--schema',
      schemaFile('age.json', JSON.stringify(schema)),
    );
    expect(stdout).toContain('Models: pocket-thinking to chat, pocket-embed to embed');
    expect(stdout).toMatch(/\{\n {2}"age": -?\d+\n\}/);
    expect(code).toBe(0);
  });

  test('says what to pull where no model can do the work', async () => {
    await using server = await startScripted({ models: [] });
    const { code, stderr } = await runDemo({ OLLAMA_HOST: server.host });
    expect(stderr).toMatch(
      /^No installed model can chat: pull one with "ollama pull [^"]+", or name one with OLLAMA_MODEL\.\n$/,
    );
    expect(code).toBe(1);
  });
});

describe('says in one line what is wrong, and ends with 1', () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    [
      'an invalid address',
      { OLLAMA_HOST: 'ftp://somewhere' },
      /^The address of the Ollama server has a scheme .*OLLAMA_HOST/,
    ],
    ['white space in the address', { OLLAMA_HOST: 'a b' }, /^The address of the Ollama server has white space/],
    [
      'a host that does not answer',
      { OLLAMA_HOST: DEAD },
      /^Cannot connect to Ollama: connection refused .*ollama serve/,
    ],
  ];
  test.each(cases)('%s', async (_, env, message) => {
    const { code, stderr } = await runDemo(env);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(code).toBe(1);
  });

  test('no server and no binary of the engine', async ({ skip }) => {
    const answers = await fetch('http://127.0.0.1:11434').then(
      () => true,
      () => false,
    );
    if (answers) return skip('an Ollama server answers on this machine');
    const { code, stderr } = await runDemo({ OLLAMA_STAND_IN_NO_BINARY: '1' });
    expect(stderr).toMatch(/^No Ollama server answers .*ollama serve.*OLLAMA_HOST.*\n$/);
    expect(code).toBe(1);
  });

  test('a host that answers with a web page', async () => {
    await using server = await startScripted();
    server.on('*', raw({ headers: { 'content-type': 'text/html' }, body: ['<title>Router</title>'] }));
    const { code, stderr } = await runDemo({ OLLAMA_HOST: server.host });
    expect(stderr).toMatch(/^Expected JSON from Ollama, got a web page, "Router" .*Something other than Ollama/);
    expect(code).toBe(1);
  });

  test('a model that is not there', async () => {
    await using server = await startScripted();
    const { code, stderr } = await runDemo({ OLLAMA_HOST: server.host, OLLAMA_MODEL: 'nope' });
    expect(stderr).toMatch(/^model 'nope[^']*' not found .*ollama pull nope/);
    expect(code).toBe(1);
  });

  const schemas: [string, string, string][] = [
    ['a file that is not JSON', '{"type":', 'it is not valid JSON.'],
    ['JSON that is not a schema', '{"foo": 1}', 'it is not a JSON Schema'],
    ['a list', '[1]', 'it is not a JSON Schema'],
    ['a schema with a wrong word', '{"type": 5}', 'it is not a JSON Schema: schema/type must be'],
  ];
  test.each(schemas)('--schema with %s', async (_, text, message) => {
    const file = schemaFile('schema.json', text);
    const { code, stderr } = await runDemo({ OLLAMA_HOST: DEAD }, '--schema', file);
    expect(stderr).toMatch(new RegExp(`^--schema .*${message}`));
    expect(code).toBe(1);
  });

  test('--schema with a file that is not there', async () => {
    const { code, stderr } = await runDemo({ OLLAMA_HOST: DEAD }, '--schema', join(folder, 'nowhere.json'));
    expect(stderr).toContain('it cannot be read (ENOENT)');
    expect(code).toBe(1);
  });
});

test('an unknown option ends with 2 and names the help; the help is printed', async () => {
  expect(await runDemo({}, '--frobnicate')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('pnpm demo --help'),
  });
  expect(await runDemo({}, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('OLLAMA_EMBED_MODEL') });
});

test('Ctrl-C in the middle of an answer ends all of it', async () => {
  await using server = await startScripted();
  // The chat never ends by itself: only the client's leaving ends it.
  server.on('POST /api/chat', faults.stallMidStream());
  const child = startDemo({ OLLAMA_HOST: server.host });
  const result = finished(child);
  const chat = await Promise.race([server.nextRequest('/api/chat'), result.then(() => undefined)]);
  expect(chat, 'the demo ended before it chatted').toBeDefined();
  process.kill(-(child.pid as number), 'SIGINT');
  // Standard output is closed by the last process that holds it, the MCP server among them.
  expect((await result).code).toBe(130);
  expect(await chat?.closed).toBe('aborted');
});
