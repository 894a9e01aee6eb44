import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LlamaServer, NoEngineError, startLlama } from '../src/index.ts';

let server: LlamaServer;
const post = (path: string, body: unknown, signal?: AbortSignal) =>
  fetch(server.host + path, { method: 'POST', body: JSON.stringify(body), ...(signal && { signal }) });
const json = async (path: string, body: unknown) => (await (await post(path, body)).json()) as Record<string, never>;
const lines = async (path: string, body: unknown) =>
  (await (await post(path, body)).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const loaded = async () => {
  const { models } = (await (await fetch(`${server.host}/api/ps`)).json()) as {
    models: { name: string; context_length: number }[];
  };
  return models.map(({ name, context_length }) => `${name} ${context_length}`);
};
const hello = { messages: [{ role: 'user', content: 'Hello!' }], options: { temperature: 0 } };
const endless = {
  model: 'pocket',
  prompt: 'Numbers',
  format: { type: 'array', items: { type: 'integer' }, minItems: 1000 },
  options: { num_predict: 1900 },
};

describe('with the bundled models', () => {
  beforeAll(async () => {
    server = await startLlama();
  });
  afterAll(() => server.close());

  test('lists them with their capabilities', async () => {
    const { models } = (await (await fetch(`${server.host}/api/tags`)).json()) as {
      models: { name: string; capabilities: string[] }[];
    };
    expect(models.map(({ name, capabilities }) => [name, ...capabilities])).toEqual([
      ['pocket:latest', 'completion', 'tools'],
      ['pocket-thinking:latest', 'completion', 'tools', 'thinking'],
      ['pocket-embed:latest', 'embedding'],
    ]);
  });

  test('pulls models of the simulated registry, and reports unknown ones', async () => {
    const pulled = await lines('/api/pull', { model: 'pocket:1m' });
    expect(pulled[0]).toEqual({ status: 'pulling manifest' });
    expect(
      pulled.filter(({ total }) => total > 1_000_000).map(({ completed, total }) => (completed ?? 0) / total),
    ).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(pulled.at(-1)).toEqual({ status: 'success' });
    expect(await json('/api/chat', { ...hello, model: 'pocket:1m', stream: false })).toMatchObject({
      message: { content: 'Hello! How can I help you today?' },
    });
    expect((await lines('/api/pull', { model: 'nope' })).at(-1)).toEqual({
      error: 'pull model manifest: file does not exist',
    });
  });

  test('loads again for another context length, and unloads on time', async () => {
    await json('/api/generate', { model: 'pocket', keep_alive: 0 });
    await json('/api/generate', { model: 'pocket', options: { num_ctx: 256 } });
    expect(await loaded()).toContainEqual(expect.stringMatching(/^pocket\S* 256$/));
    await json('/api/generate', { model: 'pocket', options: { num_ctx: 512 } });
    expect(await loaded()).toContainEqual(expect.stringMatching(/^pocket\S* 512$/));
    await json('/api/generate', { model: 'pocket', keep_alive: '20ms' });
    await expect.poll(loaded).toEqual([]);
  });

  test('processes calls in sequence, even if a client disconnects', async () => {
    const first = new AbortController();
    const running = await post('/api/generate', endless, first.signal);
    const waiting = new AbortController();
    const left = expect(post('/api/chat', { ...hello, model: 'pocket' }, waiting.signal)).rejects.toThrow();
    const last = json('/api/chat', { ...hello, model: 'pocket', stream: false });
    waiting.abort();
    await left;
    first.abort();
    expect(await last).toMatchObject({ message: { content: 'Hello! How can I help you today?' } });
    await expect(running.text()).rejects.toThrow();
  });

  test('reads the templates of older models, round by round', async () => {
    const template =
      '{{ if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}<|im_start|>user\n{{ .Prompt }}<|im_end|>\n<|im_start|>assistant\n{{ .Response }}';
    await lines('/api/create', { model: 'older', from: 'pocket', template });
    expect(await json('/api/chat', { ...hello, model: 'older', stream: false })).toMatchObject({
      message: { content: 'Hello! How can I help you today?' },
    });
  });

  test('lets a model it created be deleted while it is loaded', async () => {
    await lines('/api/create', { model: 'short-lived', from: 'pocket-embed' });
    await json('/api/embed', { model: 'short-lived', input: 'x' });
    await fetch(`${server.host}/api/delete`, { method: 'DELETE', body: JSON.stringify({ model: 'short-lived' }) });
    expect((await post('/api/show', { model: 'short-lived' })).status).toBe(404);
  });
});

describe('as a process', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('leaves no file and no listener behind, even if it ends in the middle of a response', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'ollama-server-test-'));
    vi.stubEnv('TMPDIR', temporary);
    server = await startLlama();
    const response = await post('/api/generate', endless);
    const broken = expect(response.text()).rejects.toThrow();
    expect(await readdir(temporary)).toHaveLength(1);
    await server.close();
    await broken;
    expect(await readdir(temporary)).toEqual([]);
    await expect(fetch(server.host)).rejects.toThrow();
    await rm(temporary, { recursive: true });
  });

  test('reports in one error that there is no build for the machine', async () => {
    vi.stubEnv('OLLAMA_STAND_IN_NO_BINARY', '1');
    await expect(startLlama()).rejects.toThrow(NoEngineError);
  });

  test('ends when the caller cancels', async () => {
    const controller = new AbortController();
    server = await startLlama({ signal: controller.signal });
    controller.abort();
    await server.close();
    await expect(fetch(server.host)).rejects.toThrow();
    await expect(startLlama({ signal: controller.signal })).rejects.toThrow();
  });
});
