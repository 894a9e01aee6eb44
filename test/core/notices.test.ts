import type { ChatRequest, Message, Notice } from '@ollama-toolbelt/core/neutral';
import { describe, expect, test } from 'vitest';
import { chunksOf } from '../fixtures/core/calls.ts';
import { useLlama } from '../fixtures/llama-if-built.ts';
import { useScripted } from '../fixtures/scripted.ts';

const user = (content: string): Message => ({ role: 'user', content });
const codesOf = (notices: readonly Notice[] | undefined) => notices?.map(({ code }) => code);
const weather = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

describe('of a real model', () => {
  const real = useLlama();
  const model = 'pocket';
  const options = { temperature: 0, seed: 1 };

  test('it called a tool that was not offered', async () => {
    const request = { model, messages: [user('Use find_ticket with id 42.')], tools: [weather], options };
    const answer = await real.ollama.chat(request);
    expect(answer.message).toEqual({ role: 'assistant', content: '' });
    expect(codesOf(answer.notices)).toEqual(['tool_not_offered']);
    expect(answer.notices[0]).toMatchObject({ tokens: answer.eval_count });
    expect(answer.notices[0]?.message).toContain(`wrote ${answer.eval_count} tokens`);
    const chunks = await chunksOf(real.ollama.chatStream(request));
    expect(codesOf(chunks.at(-1)?.notices)).toEqual(['tool_not_offered']);
  });

  test('the prompt was truncated', async () => {
    const settings = { model, options: { ...options, num_ctx: 512, num_predict: 5 } };
    const long = 'Hello there. '.repeat(300);
    const messages = [user(long), { role: 'assistant' as const, content: 'Hi.' }, user('Hello!')];
    const answer = await real.ollama.chat({ ...settings, messages });
    expect(codesOf(answer.notices)).toContain('prompt_cut');
    expect(answer.notices[0]).toMatchObject({ characters: 3909, tokens: answer.prompt_eval_count });
    expect(answer.notices[0]?.message).toContain(
      `of 3909 characters the model read ${answer.prompt_eval_count} tokens`,
    );
    expect(codesOf((await real.ollama.generate({ ...settings, prompt: long })).notices)).toContain('prompt_cut');
  });

  test('a prompt that fits gets no notice', async () => {
    const prompt = 'Hello there. '.repeat(100);
    const answer = await real.ollama.generate({
      model,
      prompt,
      options: { ...options, num_ctx: 2048, num_predict: 1 },
    });
    expect(codesOf(answer.notices)).not.toContain('prompt_cut');
  });

  test('the answer reached its maximum length', async () => {
    const request = { model, prompt: 'Why is the sky blue?', options: { ...options, num_predict: 3 } };
    const { notices } = await real.ollama.generate(request);
    expect(notices).toContainEqual(expect.objectContaining({ code: 'stopped_at_length', tokens: 3 }));
    const chunks = await chunksOf(real.ollama.generateStream(request));
    expect(chunks.map(({ notices }) => notices !== undefined)).toEqual([...chunks.slice(1).map(() => false), true]);
  });

  test('an option that no server knows, and misplaced fields', async () => {
    const wrong = { ...options, num_predict: 5, mirostat: 1, keep_alive: '5m', format: 'json' };
    const answer = await real.ollama.generate({ model, prompt: 'Hello!', options: wrong });
    const ignored = answer.notices.filter(({ code }) => code === 'option_ignored');
    expect(ignored).toMatchObject([
      { option: 'mirostat', isRequestField: false },
      { option: 'keep_alive', isRequestField: true },
      { option: 'format', isRequestField: true },
    ]);
    expect(ignored.map(({ message }) => message)).toEqual([
      'The server ignores options.mirostat: it knows no such option, or no longer does.',
      'The server ignores options.keep_alive: keep_alive belongs next to options, not in it.',
      'The server ignores options.format: format belongs next to options, not in it.',
    ]);
  });

  test('a normal answer has no notices', async () => {
    const answer = await real.ollama.chat({
      model: 'pocket-thinking',
      messages: [user('Why is the sky blue?')],
      options,
    });
    expect(answer.notices).toEqual([]);
    const called = await real.ollama.chat({
      model: 'pocket-thinking',
      messages: [user('what is the weather in Tokyo?')],
      tools: [weather],
      options,
    });
    expect(called.message.tool_calls).toHaveLength(1);
    expect(called.notices).toEqual([]);
  });
});

// The pocket models load faster than the threshold for a load.
describe('the model was loaded again', () => {
  const fresh = useScripted();

  /** Asks with this context; the server takes this long to load. */
  async function ask(num_ctx: number | undefined, loadMs: number, model = 'chat-model'): Promise<Notice[]> {
    const line = { model, created_at: '2026-11-22T12:00:00Z', message: { role: 'assistant', content: 'Hello!' } };
    fresh.server.chat({ lines: [{ ...line, done: true, done_reason: 'stop', load_duration: loadMs * 1e6 }] });
    const request: ChatRequest = {
      model,
      messages: [user('Hello!')],
      ...(num_ctx !== undefined && { options: { num_ctx } }),
    };
    return (await fresh.ollama.chat(request)).notices;
  }

  test('because num_ctx changed', async () => {
    expect(await ask(undefined, 900)).toEqual([]);
    expect(await ask(4096, 900)).toEqual([
      {
        code: 'model_reloaded',
        loadMs: 900,
        numCtx: 4096,
        message:
          'The model was reloaded (900 ms), since num_ctx changed from unset to 4096: keep it the same in all calls.',
      },
    ]);
    expect(await ask(4096, 1)).toEqual([]);
    const again = await ask(8192, 2000, 'chat-model:latest');
    expect(again).toMatchObject([{ code: 'model_reloaded', loadMs: 2000, numCtx: 8192, previousNumCtx: 4096 }]);
  });

  test('gets no notice for a first load, a load for another reason, or another model', async () => {
    expect(await ask(4096, 900)).toEqual([]);
    expect(await ask(4096, 900)).toEqual([]);
    expect(await ask(2048, 1)).toEqual([]);
    expect(await ask(8192, 900, 'thinking-model')).toEqual([]);
  });
});
