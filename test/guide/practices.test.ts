import {
  createOllama as createNeutral,
  OllamaConnectionError,
  type OllamaError,
  OllamaHttpError,
  type Transport,
} from '@ollama-toolbelt/core/neutral';
import { createOllama } from '@ollama-toolbelt/core/node';
import { failWith, faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { describe, expect, test } from 'vitest';
import { useLlama } from '../fixtures/llama-if-built.ts';

const real = useLlama();

const client = () => createOllama({ host: real.host });

describe('Code Examples', () => {
  test('Simple Generation, Basic Generation, Go: one answer', async () => {
    await using ollama = client();
    for (const prompt of ['What is Python?', 'What is JavaScript?', 'What is Go?']) {
      expect((await ollama.generate({ model: 'pocket', prompt, stream: false })).response).toMatch(/\S/);
    }
  });

  test('Async Generation: several answers at once', async () => {
    await using ollama = client();
    const prompts = ['What is AI?', 'What is ML?', 'What is DL?'];
    const answers = await Promise.all(prompts.map((prompt) => ollama.generate({ model: 'pocket', prompt })));
    expect(answers.map(({ response }) => response)).toEqual(prompts.map(() => expect.stringMatching(/\S/)));
  });

  test('Streaming with Fetch: the text as it comes', async () => {
    await using ollama = client();
    const pieces: string[] = [];
    for await (const chunk of ollama.generateStream({ model: 'pocket', prompt: 'Write a short poem' })) {
      pieces.push(chunk.response);
    }
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(2);
  });

  test('Chat with Context, Chat Class: a conversation that remembers, and forgets', async () => {
    await using ollama = client();
    const chat = ollama.conversation({ model: 'pocket', options: { temperature: 0 } });
    expect((await chat.send('My name is Priya.')).message.content).toBe('Nice to meet you, Priya!');
    expect((await chat.send('What is my name?')).message.content).toBe('Your name is Priya.');
    expect(chat.messages).toHaveLength(4);
    chat.reset();
    expect(chat.messages).toEqual([]);
    expect((await chat.send('What is my name?')).message.content).not.toContain('Priya');
  });
});

describe('Error Handling', () => {
  const messages = [{ role: 'user' as const, content: 'Hello!' }];

  test('404: the model is not found', async () => {
    await using ollama = client();
    const error: OllamaError = await ollama.generate({ model: 'nonexistent', prompt: 'x' }).catch((cause) => cause);
    expect(error).toBeInstanceOf(OllamaHttpError);
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', model: 'nonexistent', retryable: false });
    expect(error.message).toMatch(/^model 'nonexistent' not found/);
    expect(error.hint).toContain('ollama pull nonexistent');
  });

  test('400: the request is bad', async () => {
    await using ollama = client();
    const call = ollama.chat({ model: '', messages });
    await expect(call).rejects.toMatchObject({ status: 400, code: 'bad_request' });
  });

  test('500: the server failed', async () => {
    await using scripted = await startScripted();
    await using ollama = createOllama({ host: scripted.host });
    scripted.chat(failWith(500, 'llama runner process has terminated'));
    const call = ollama.chat({ model: 'chat-model', messages });
    await expect(call).rejects.toMatchObject({
      status: 500,
      code: 'server_error',
      hint: expect.stringContaining('log'),
    });
  });

  test('nothing listens there', async () => {
    await using scripted = await startScripted();
    await using ollama = createOllama({ host: scripted.host });
    await scripted.refuse();
    const error: OllamaError = await ollama.chat({ model: 'chat-model', messages }).catch((cause) => cause);
    expect(error).toBeInstanceOf(OllamaConnectionError);
    expect(error).toMatchObject({ code: 'refused', hint: expect.stringContaining('ollama serve') });
  });
});

describe('Best Practices', () => {
  test('1. streaming: the first words are there before the last', async () => {
    await using scripted = await startScripted();
    await using ollama = createOllama({ host: scripted.host });
    const rest = gate();
    scripted.generate({ text: ['Once', rest, ' upon a time'] });
    const stream = ollama.generateStream({ model: 'chat-model', prompt: 'Write a story' });
    expect((await stream.next()).value).toMatchObject({ response: 'Once', done: false });
    rest.release();
    let text = '';
    for await (const chunk of stream) text += chunk.response;
    expect(text).toBe(' upon a time');
  });

  test('2. timeouts: a server that hangs is an error with a name', async () => {
    await using scripted = await startScripted();
    await using ollama = createOllama({ host: scripted.host, timeouts: { totalMs: 50 } });
    scripted.chat(faults.stallBeforeHeaders());
    const call = ollama.chat({ model: 'chat-model', messages: [{ role: 'user', content: 'Hello!' }] });
    await expect(call).rejects.toMatchObject({ code: 'timeout', phase: 'total' });
    await scripted.allClosed();
  });

  test('3. context window limits: the oldest messages are left out, the system prompt stays', async () => {
    await using ollama = client();
    const messages = Array.from({ length: 12 }, (_, index) => [
      { role: 'user' as const, content: `Question ${index}: ${'why? '.repeat(20)}` },
      { role: 'assistant' as const, content: `Because of ${index}.` },
    ]).flat();
    const system = 'You are a pirate.';
    const chat = ollama.conversation({ model: 'pocket', system, messages, maxTokens: 300 });
    const answer = await chat.send('Why is the sky blue?');
    expect(answer.notices.map(({ code }) => code)).toContain('history_trimmed');
    // From then on by the counts of the server.
    expect((await chat.send('What is Docker?')).prompt_eval_count).toBeLessThanOrEqual(300);
    expect(chat.messages.length).toBeLessThan(messages.length);
    expect(chat.messages[0]).toEqual({ role: 'system', content: system });
  });

  test('4. cached embeddings: the same text is not computed twice', async () => {
    const paths: string[] = [];
    const onRequest = ({ path }: { path: string }) => void paths.push(path);
    await using ollama = createOllama({ host: real.host, embedCache: { maxBytes: 1_000_000 }, onRequest });
    const request = { model: 'pocket-embed', input: ['the cat', 'the dog', 'the cat'] };
    const first = await ollama.embed(request);
    const second = await ollama.embed({ ...request, input: 'the dog' });
    expect(paths.filter((path) => path === '/api/embed')).toHaveLength(1);
    expect(second.embeddings).toEqual([first.embeddings[1]]);
  });

  test('5. connection pooling: ten connections serve any number of calls', async () => {
    await using scripted = await startScripted();
    await using ollama = createOllama({ host: scripted.host, pool: { connections: 10 } });
    await Promise.all(Array.from({ length: 50 }, () => ollama.generate({ model: 'chat-model', prompt: 'x' })));
    expect(scripted.requests).toHaveLength(50);
    expect(new Set(scripted.requests.map(({ connection }) => connection)).size).toBe(10);
  });
});

test('Rate Limiting: ten calls in sixty seconds', async () => {
  let clock = 0;
  const sentAt: number[] = [];
  const transport: Transport = async () => {
    sentAt.push(clock);
    const body = (async function* () {
      yield new TextEncoder().encode('{"version":"0.33.0"}');
    })();
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  };
  const ollama = createNeutral({
    transport,
    now: () => clock,
    // Without deadlines only the limiter waits, and time passes only there.
    timeouts: { totalMs: 0, idleMs: 0 },
    sleep: async (ms) => {
      clock += ms;
    },
    rateLimit: { calls: 10, periodMs: 60_000 },
  });
  for (let call = 0; call < 25; call += 1) await ollama.version();
  const minutes = sentAt.map((at) => at / 60_000);
  expect(minutes).toEqual([...Array(10).fill(0), ...Array(10).fill(1), ...Array(5).fill(2)]);
});
