import { GenerateResponse } from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { pirate, steady, words } from './pocket-answers.ts';
import { answeredOrRefused, valid, validChunks } from './responses.ts';

/** A red square of 64 by 64; vision models accept none that is much smaller. */
export const redSquare =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PQQkAAAgAsetfWiP4FgYrsKZeS0BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEDgsqnc8OJg6Ln3AAAAAElFTkSuQmCC';

/** Server errors for an image that the model cannot see; 0.24 ignores it. */
export const imageRefusal = {
  status: 400,
  code: 'unsupported',
  says: /does not support multimodal|does not support/,
  from: '0.33',
} as const;

/** Responses of the server to a prompt. */
export function generateContract(test: ContractTest): void {
  test('generate', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const answer = valid(GenerateResponse, await ollama.generate({ model, prompt: words.sky.prompt, options: steady }));
    expect(answer).toMatchObject({ done: true, model: expect.stringContaining(model) });
    expect(answer.done_reason).toMatch(/^(stop|length)$/);
    expect(`${answer.response}${answer.thinking ?? ''}`).not.toBe('');
    expect(answer.prompt_eval_count).toBeGreaterThan(0);
    expect(answer.eval_count).toBeGreaterThan(0);
    expect(answer.total_duration).toBeGreaterThan(0);
    if (canAssumeWords) expect(answer.response).toBe(words.sky.answer);
  });

  test('generate, streamed', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const request = { model, prompt: words.sky.prompt, options: steady };
    const chunks = await validChunks(GenerateResponse, ollama.generateStream(request));
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map(({ done }) => done)).toEqual([...chunks.slice(1).map(() => false), true]);
    expect(chunks.at(-1)?.eval_count).toBeGreaterThan(0);
    if (canAssumeWords) expect(chunks.map(({ response }) => response).join('')).toBe(words.sky.answer);
  });

  test('generate: stream in the request changes nothing', async ({ ollama, chatModel: model }) => {
    const request = { model, prompt: words.sky.prompt, options: { ...steady, num_predict: 5 } };
    valid(GenerateResponse, await ollama.generate({ ...request, stream: true }));
    expect(
      (await validChunks(GenerateResponse, ollama.generateStream({ ...request, stream: false }))).length,
    ).toBeGreaterThan(1);
  });

  test('generate: system prompt', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const request = { model, system: pirate, prompt: words.sky.prompt, options: steady };
    const answer = valid(GenerateResponse, await ollama.generate(request));
    if (canAssumeWords) expect(answer.response).toBe(words.sky.pirate);
  });

  test('generate: template', async ({ ollama, chatModel: model }) => {
    const template = 'Question: {{ .Prompt }}\nAnswer:';
    const options = { ...steady, num_predict: 8 };
    expect(
      valid(GenerateResponse, await ollama.generate({ model, template, prompt: words.sky.prompt, options })).done,
    ).toBe(true);
  });

  test('generate: context of an earlier answer', async ({ ollama, chatModel: model, canAssumeWords, skip }) => {
    const first = valid(
      GenerateResponse,
      await ollama.generate({ model, prompt: words.name.statement, options: steady }),
    );
    // Deprecated, and not returned for models that the server renders with built-in code.
    if (!first.context) return skip('the server gave no context for this model');
    const { context } = first;
    const second = valid(
      GenerateResponse,
      await ollama.generate({ model, prompt: words.name.prompt, context, options: steady }),
    );
    if (canAssumeWords) expect(second.response).toBe(words.name.answer);
  });

  test('generate: raw', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const prompt = `<|im_start|>user\n${words.sky.prompt}<|im_end|>\n<|im_start|>assistant\n`;
    const answer = valid(GenerateResponse, await ollama.generate({ model, prompt, raw: true, options: steady }));
    expect(answer).not.toHaveProperty('context');
    if (canAssumeWords) expect(answer.response).toBe(words.sky.answer);
  });

  test('generate: stop', async ({ ollama, chatModel: model, canAssumeWords }) => {
    const options = { ...steady, stop: [' light'] };
    const answer = valid(GenerateResponse, await ollama.generate({ model, prompt: words.sky.prompt, options }));
    expect(answer.response).not.toContain(' light');
    if (canAssumeWords) expect(answer.response).toBe('The sky is blue because air scatters blue');
  });

  test('generate: an answer that reaches its maximum length, and the notice of it', async ({
    ollama,
    chatModel: model,
  }) => {
    const options = { ...steady, num_predict: 3 };
    const answer = await ollama.generate({ model, prompt: words.sky.prompt, options });
    expect(valid(GenerateResponse, answer)).toMatchObject({ done_reason: 'length', eval_count: 3 });
    expect(answer.notices.map(({ code }) => code)).toContain('stopped_at_length');
  });

  test('generate: an unknown option is ignored, with a notice', async ({ ollama, chatModel: model }) => {
    const options = { ...steady, num_predict: 3, mirostat: 2 } as { num_predict: number };
    const answer = await ollama.generate({ model, prompt: words.sky.prompt, options });
    valid(GenerateResponse, answer);
    expect(answer.notices.map(({ code }) => code)).toContain('option_ignored');
  });

  test('generate: an unknown field is ignored', async ({ ollama, chatModel: model }) => {
    const request = { model, prompt: words.sky.prompt, options: { ...steady, num_predict: 3 }, no_such_field: 1 };
    expect(valid(GenerateResponse, await ollama.generate(request)).done).toBe(true);
  });

  test('generate: log probabilities', async ({ ollama, chatModel: model }) => {
    const options = { ...steady, num_predict: 3 };
    const request = { model, prompt: words.sky.prompt, logprobs: true, top_logprobs: 2, options };
    const answer = valid(GenerateResponse, await ollama.generate(request));
    expect(answer.logprobs?.length).toBeGreaterThan(0);
    for (const { logprob, top_logprobs } of answer.logprobs ?? []) {
      expect(logprob).toBeLessThanOrEqual(0);
      expect(top_logprobs).toHaveLength(2);
    }
    const chunks = await validChunks(GenerateResponse, ollama.generateStream(request));
    expect(chunks.flatMap(({ logprobs }) => logprobs ?? [])).toHaveLength(answer.logprobs?.length ?? 0);
  });

  test('generate: thinking', async ({ ollama, modelThatCan, canAssumeWords }) => {
    const model = modelThatCan('thinking');
    const request = { model, prompt: words.sky.prompt, think: true, options: steady };
    const answer = valid(GenerateResponse, await ollama.generate(request));
    expect(answer.thinking).toMatch(/\S/);
    if (canAssumeWords) expect(answer).toMatchObject({ thinking: words.sky.thought, response: words.sky.answer });
  });

  test('generate: a gap to fill', async ({ ollama, modelThatCan }) => {
    const request = { prompt: 'def gcd(a, b):', suffix: '    return result', options: { ...steady, num_predict: 8 } };
    valid(GenerateResponse, await ollama.generate({ model: modelThatCan('insert'), ...request }));
  });

  test('generate: an image', async ({ ollama, modelThatCan }) => {
    const request = { prompt: 'What is this?', images: [redSquare], options: { ...steady, num_predict: 8 } };
    valid(GenerateResponse, await ollama.generate({ model: modelThatCan('vision'), ...request }));
  });

  test('generate: an image with a model that cannot see', async ({ ollama, chatModelWithout }) => {
    const model = chatModelWithout('vision');
    const request = { model, prompt: 'What is this?', images: [redSquare], options: { ...steady, num_predict: 4 } };
    await answeredOrRefused(GenerateResponse, ollama.generate(request), imageRefusal);
  });

  test('generate: leaving a stream ends it', async ({ ollama, chatModel: model }) => {
    const request = { model, prompt: words.sky.prompt, options: { ...steady, num_predict: 64 } };
    for await (const chunk of ollama.generateStream(request)) {
      valid(GenerateResponse, chunk);
      break;
    }
    expect(valid(GenerateResponse, await ollama.generate({ ...request, options: { num_predict: 1 } })).done).toBe(true);
  });
}
