import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseTemplate } from '../src/llama/go-template.ts';
import { GrammarError, loadRunner, NoEngineError } from '../src/llama/node-llama-runner.ts';
import type { CompletionEvent, CompletionRequest, LogprobEntry, Runner } from '../src/llama/runner.ts';

const models = join(import.meta.dirname, '../models');
const template = parseTemplate(readFileSync(join(models, 'template.gotmpl'), 'utf8'));
const greedy = { temperature: 0, seed: 1 };
const never = new AbortController().signal;

// llama.cpp has no binary for some platforms (such as Alpine); then there is nothing to test here.
const chat = await loadRunner(join(models, 'pocket.gguf'), { contextLength: 2048, purpose: 'answers' }).catch(
  (error: unknown) => {
    if (error instanceof NoEngineError) return undefined;
    throw error;
  },
);

test('says in one line that there is no binary', async () => {
  vi.stubEnv('OLLAMA_STAND_IN_NO_BINARY', '1');
  const loading = loadRunner(join(models, 'pocket.gguf'), { contextLength: 64, purpose: 'answers' });
  await expect(loading).rejects.toThrow(NoEngineError);
  await expect(loading).rejects.toThrow(/^no llama\.cpp binary runs on this machine \([\w-]+\)$/);
  vi.unstubAllEnvs();
});

describe.skipIf(!chat)('a chat model', () => {
  const runner = chat as Runner;
  afterAll(() => runner.dispose());

  const prompt = (question: string, system = '') =>
    runner.tokenize(template.render({ System: system, Messages: [{ Role: 'user', Content: question }] }));

  async function answer(request: CompletionRequest, signal = never) {
    const pieces: string[] = [];
    const logprobs: LogprobEntry[] = [];
    let end: (CompletionEvent & { type: 'end' }) | undefined;
    for await (const event of runner.complete(request, signal)) {
      if (event.type === 'end') end = event;
      else pieces.push(event.text);
      if (event.type === 'text' && event.logprobs) logprobs.push(...event.logprobs);
    }
    return { text: pieces.join(''), pieces, logprobs, end };
  }

  const ask = (question: string, options: CompletionRequest['options'] = greedy) =>
    answer({ prompt: prompt(question), options });

  test('converts a prompt to the same tokens as Ollama', () => {
    const ids = [1022, 292, 10, 996, 302, 285, 547, 697, 63, 1023, 10, 1022, 297, 10];
    expect(prompt('Why is the sky blue?')).toEqual(ids);
    expect(runner.detokenize(ids)).toBe('<|im_start|>user\nWhy is the sky blue?<|im_end|>\n<|im_start|>assistant\n');
    const text = 'Grüße, 世界! 🦙';
    expect(runner.detokenize(runner.tokenize(text))).toBe(text);
  });

  test('answers token by token', async () => {
    const { pieces, end } = await ask('Why is the sky blue?');
    const text =
      'The| sky| is| blue| because| a|ir| s|c|at|ters| blue| light| from| the| s|un| m|ore| th|an| |red| light|.';
    expect(pieces).toEqual(text.split('|'));
    expect(end).toMatchObject({ reason: 'stop', promptTokens: 14, tokens: 26 });
    expect(end?.promptNs).toBeGreaterThan(0);
    expect(end?.tokensNs).toBeGreaterThan(0);
  });

  test('follows a system prompt', async () => {
    const { text } = await answer({ prompt: prompt('What is Docker?', 'You are a pirate.'), options: greedy });
    expect(text).toMatch(/^Arr! Docker is a platform for containers\./);
  });

  test('stops at num_predict, at a stop sequence and at the end of the context', async () => {
    const story = 'Write a story about a robot';
    const five = await ask(story, { ...greedy, num_predict: 5 });
    expect(five).toMatchObject({ text: 'Once upon a time there', end: { reason: 'length', tokens: 5 } });
    const cut = await ask(story, { ...greedy, stop: ['Every evening', 'never'] });
    expect(cut.text).toBe('Once upon a time there was a robot named Bolt who lived in an old workshop. ');
    expect(cut.end).toMatchObject({ reason: 'stop', tokens: 22 });
    expect((await ask('Hello!', { ...greedy, num_predict: 0 })).text).toBe('Hello! How can I help you today?');

    const small = await loadRunner(join(models, 'pocket.gguf'), { contextLength: 32, purpose: 'answers' });
    try {
      let last: CompletionEvent | undefined;
      const format = { type: 'array', items: { type: 'integer' }, minItems: 1000 };
      for await (const event of small.complete({ prompt: prompt(story), options: greedy, format }, never)) last = event;
      // llama.cpp allocates memory in pieces of 256 tokens, and the answer may fill it.
      expect(last).toMatchObject({ type: 'end', reason: 'length', promptTokens: 14, tokens: 242 });
      const long = small.complete({ prompt: Array(256).fill(10), options: greedy }, never);
      await expect(long.next()).rejects.toThrow(RangeError);
    } finally {
      await small.dispose();
    }
  });

  test('reports log probabilities', async () => {
    const options = { ...greedy, num_predict: 3 };
    const { logprobs } = await answer({ prompt: prompt('Hello!'), options, topLogprobs: 2 });
    expect(logprobs.map(({ token, bytes }) => [token, bytes])).toEqual([
      ['Hello', [72, 101, 108, 108, 111]],
      ['!', [33]],
      [' H', [32, 72]],
    ]);
    // The values of a real server on another processor.
    expect(logprobs[0]?.logprob).toBeCloseTo(-0.8197, 2);
    expect(logprobs[0]?.top.map(({ token }) => token)).toEqual(['Hello', 'Hi']);
    expect(logprobs[0]?.top[1]?.logprob).toBeCloseTo(-0.8711, 2);
    const sampled = await answer({ prompt: prompt('Hello!'), options: { ...options, temperature: 1 }, topLogprobs: 0 });
    expect(sampled.logprobs[0]?.top).toEqual([]);
  });

  const person = {
    type: 'object',
    properties: { age: { type: 'integer' }, available: { type: 'boolean' } },
    required: ['age', 'available'],
  };

  test.each([['json'], [person]] as const)('constrains the answer to the format %j', async (format) => {
    const question = 'Ollama is 22 years old and is busy saving the world. Respond using JSON';
    const { text } = await answer({ prompt: prompt(question), options: greedy, format });
    expect(text).toBe('{"age": 22, "available": false}');
  });

  test('constrains any answer to a larger schema', async () => {
    const format = {
      type: 'object',
      properties: {
        kind: { enum: ['x"1', 'y'] },
        names: { type: 'array', items: { type: 'string', maxLength: 5 }, minItems: 1, maxItems: 2 },
        place: { $ref: '#/$defs/place' },
        note: { type: ['string', 'null'], maxLength: 4 },
        fixed: { const: 7 },
      },
      required: ['kind', 'names', 'place', 'fixed'],
      $defs: { place: { anyOf: [{ type: 'null' }, { type: 'object', properties: { on: { type: 'boolean' } } }] } },
    };
    for (const seed of [1, 2, 3]) {
      const options = { temperature: 1, seed, num_predict: 400 };
      const { text, end } = await answer({ prompt: prompt('Hello!'), options, format });
      expect(end?.reason).toBe('stop');
      expect(JSON.parse(text)).toMatchObject({ kind: expect.stringMatching(/^(x"1|y)$/), fixed: 7 });
      expect(Object.keys(JSON.parse(text)).slice(0, 3)).toEqual(['kind', 'names', 'place']);
    }
  });

  test('rejects a schema that cannot become a grammar', async () => {
    const format = { type: 'array', items: { type: 'integer' }, minItems: 3000 };
    await expect(answer({ prompt: prompt('x'), options: greedy, format })).rejects.toThrow(GrammarError);
    const odd = { type: 'oddity' };
    await expect(answer({ prompt: prompt('x'), options: greedy, format: odd })).rejects.toThrow(GrammarError);
  });

  test('repeats a sampled answer for a seed', async () => {
    const options = { temperature: 1.5, top_k: 0, top_p: 1, num_predict: 30 };
    const answers = await Promise.all([1, 1, 2, 3].map((seed) => ask('Hello!', { ...options, seed })));
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(1);
  });

  test('accepts every sampling option', async () => {
    const narrow = { temperature: 1.5, seed: 4 };
    const blue = 'The sky is blue because air scatters blue light from the sun more than red light.';
    for (const one of [{ top_k: 1 }, { top_p: 0.01 }, { min_p: 1 }]) {
      expect((await ask('Why is the sky blue?', { ...narrow, ...one })).text).toBe(blue);
    }
    await ask('Hello!', { ...narrow, typical_p: 0.5, num_predict: 5 });
    const fox = 'Write a story about a fox';
    const penalised = await ask(fox, { ...greedy, repeat_penalty: 3, presence_penalty: 1, frequency_penalty: 1 });
    expect(penalised.text).not.toBe((await ask(fox)).text);
  });

  test('ends when the signal aborts, and when the reader leaves', async () => {
    const request = { prompt: prompt('Write a story about a robot'), options: greedy };
    const abort = new AbortController();
    const pieces: string[] = [];
    await expect(async () => {
      for await (const event of runner.complete(request, abort.signal)) {
        if (event.type === 'text') pieces.push(event.text);
        if (pieces.length === 5) abort.abort();
      }
    }).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(pieces).toHaveLength(5);
    for await (const _ of runner.complete(request, never)) break;
    expect((await ask('Hello!')).text).toBe('Hello! How can I help you today?');
  });

  test('runs calls in sequence; a waiting call can be cancelled', async () => {
    const order: string[] = [];
    const leave = new AbortController();
    const named = async (name: string, signal = never) => {
      const { text } = await answer({ prompt: prompt('Hello!'), options: greedy }, signal);
      order.push(name);
      return text;
    };
    const first = named('first');
    const second = named('second', leave.signal);
    const third = named('third');
    setImmediate(() => leave.abort());
    await expect(second).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(await Promise.all([first, third])).toEqual(Array(2).fill('Hello! How can I help you today?'));
    expect(order).toEqual(['first', 'third']);
  });

  test('ends a running call when it is unloaded', async () => {
    const own = await loadRunner(join(models, 'pocket.gguf'), { contextLength: 2048, purpose: 'answers' });
    const events = own.complete({ prompt: prompt('Write a story about a robot'), options: greedy }, never);
    await events.next();
    const next = events.next();
    const closed = own.dispose();
    await expect(next.then(() => events.next())).rejects.toThrow('the model was unloaded');
    await closed;
  });

  test('can be unloaded even if the reader of a call has left', async () => {
    const own = await loadRunner(join(models, 'pocket.gguf'), { contextLength: 2048, purpose: 'answers' });
    const events = own.complete({ prompt: prompt('Write a story about a robot'), options: greedy }, never);
    await events.next();
    await own.dispose();
    await expect(events.next()).rejects.toThrow('the model was unloaded');
    await expect(own.complete({ prompt: [1], options: greedy }, never).next()).rejects.toThrow('unloaded');
  });

  test('does not keep its process running', async () => {
    const file = (path: string) => JSON.stringify(join(import.meta.dirname, path));
    const code = `
      const { loadRunner } = await import(${file('../src/llama/node-llama-runner.ts')});
      const runner = await loadRunner(${file('../models/pocket.gguf')}, { contextLength: 64, purpose: 'answers' });
      for await (const _ of runner.complete({ prompt: [1], options: {} }, new AbortController().signal)) break;
      await runner.dispose();`;
    // A file instead of `-e`: node-llama-cpp starts a child process with the same flags.
    const folder = await mkdtemp(join(tmpdir(), 'runner-'));
    await writeFile(join(folder, 'main.mjs'), code);
    const child = spawn(process.execPath, [join(folder, 'main.mjs')], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    await rm(folder, { recursive: true });
  });
});

describe.skipIf(!chat)('an embedding model', () => {
  let runner: Runner;
  beforeAll(async () => {
    runner = await loadRunner(join(models, 'pocket-embed.gguf'), { contextLength: 64, purpose: 'embeddings' });
  });
  afterAll(() => runner.dispose());

  const cosine = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

  test('returns vectors of length one, similar for similar texts', async () => {
    const texts = ['Why is the sky blue?', 'What makes the sky blue?', 'Tell me a joke about a cat'];
    const [sky, blue, joke] = await Promise.all(texts.map((text) => runner.embed(text, never)));
    expect(sky?.tokens).toBe(6);
    expect(sky?.vector).toHaveLength(128);
    expect(sky?.vector[0]).toBeCloseTo(0.08404496, 4);
    expect(cosine(sky!.vector, sky!.vector)).toBeCloseTo(1, 5);
    expect(cosine(sky!.vector, blue!.vector)).toBeGreaterThan(cosine(sky!.vector, joke!.vector));
  });

  test('accepts tokens, and rejects too many', async () => {
    const ids = runner.tokenize('Why is the sky blue?');
    expect(await runner.embed(ids, never)).toEqual(await runner.embed('Why is the sky blue?', never));
    await expect(runner.embed(Array(65).fill(10), never)).rejects.toThrow(RangeError);
    expect((await runner.embed(Array(64).fill(10), never)).tokens).toBe(64);
  });
});
