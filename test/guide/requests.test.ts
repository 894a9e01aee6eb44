import * as schemas from '@ollama-toolbelt/core/schemas';
import { describe, expect, test } from 'vitest';
import { useLlama } from '../fixtures/llama-if-built.ts';
import { bodies } from './bodies.ts';

// The names of the guide.
const real = useLlama(async (ollama) => {
  await ollama.copy({ source: 'pocket', destination: 'my-chatbot' });
  await ollama.copy({ source: 'pocket', destination: 'llama3.2:1b' });
});

describe('Generate API', () => {
  test('Basic Generation', async () => {
    const answer = schemas.GenerateResponse.parse(await real.ollama.generate(bodies['Basic Generation']));
    expect(answer).toMatchObject({ model: 'my-chatbot', done: true, response: expect.stringMatching(/\S/) });
    expect(Date.parse(answer.created_at)).toBeGreaterThan(0);
    const { total_duration, load_duration, prompt_eval_count, eval_count } = answer;
    for (const count of [total_duration, load_duration, prompt_eval_count, eval_count])
      expect(count).toBeGreaterThan(0);
  });

  test('Streaming Generation', async () => {
    let text = '';
    let chunks = 0;
    for await (const chunk of real.ollama.generateStream(bodies['Streaming Generation'])) {
      text += schemas.GenerateResponse.parse(chunk).response;
      chunks += 1;
      expect(chunk.done ? chunk.total_duration : undefined).toEqual(chunk.done ? expect.any(Number) : undefined);
    }
    expect(chunks).toBeGreaterThan(2);
    expect(text).toMatch(/\S/);
  });

  test('With Options', async () => {
    const answer = schemas.GenerateResponse.parse(await real.ollama.generate(bodies['With Options']));
    expect(answer.response).toMatch(/\S/);
    expect(answer.eval_count).toBeLessThanOrEqual(200);
  });

  test('Available Options: the server knows each of them', async () => {
    const request = { ...bodies['Basic Generation'], options: bodies['Available Options'] };
    const answer = await real.ollama.generate(request);
    expect(schemas.GenerateResponse.parse(answer).response).toMatch(/\S/);
    expect(answer.notices.filter(({ code }) => code === 'option_ignored')).toEqual([]);
    // The seed makes an answer that can be had again.
    expect((await real.ollama.generate(request)).response).toBe(answer.response);
  });
});

describe('Chat API', () => {
  test('Conversational Context', async () => {
    const answer = schemas.ChatResponse.parse(await real.ollama.chat(bodies['Conversational Context']));
    expect(answer).toMatchObject({ model: 'my-chatbot', done: true, message: { role: 'assistant' } });
    expect(answer.message.content).toMatch(/\S/);
  });

  test('System Message, which streams because "stream" is missing', async () => {
    const answer = schemas.ChatResponse.parse(await real.ollama.chat(bodies['System Message']));
    expect(answer.message.content).toMatch(/\S/);
    const chunks: unknown[] = [];
    for await (const chunk of real.ollama.chatStream(bodies['System Message'])) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(2);
  });

  test('Streaming Chat', async () => {
    let text = '';
    for await (const chunk of real.ollama.chatStream(bodies['Streaming Chat'])) {
      text += schemas.ChatResponse.parse(chunk).message.content;
    }
    expect(text).toMatch(/\S/);
  });
});

describe('Model Management API', () => {
  test('List Models', async () => {
    const { models } = schemas.ListResponse.parse(await real.ollama.list());
    const model = models.find(({ name }) => name === 'my-chatbot:latest');
    expect(model).toMatchObject({
      size: expect.any(Number),
      digest: expect.stringMatching(/^(sha256:)?[0-9a-f]{64}$/),
    });
    expect(Date.parse(model?.modified_at ?? '')).toBeGreaterThan(0);
  });

  test('Show Model Info', async () => {
    const shown = schemas.ShowResponse.parse(await real.ollama.show(bodies['Show Model Info']));
    expect(shown.modelfile).toContain('FROM ');
    expect(shown.parameters).toMatch(/^temperature\s+0\.2$/m);
    expect(shown.template).toContain('{{ .System }}');
    expect(shown.details).toMatchObject({ format: 'gguf', family: 'llama', parameter_size: '984K' });
  });

  test('Create Model: the text of a Modelfile, which no newer server takes', async () => {
    expect(schemas.ProgressResponse.parse(await real.ollama.create(bodies['Create Model'])).status).toBe('success');
    const shown = schemas.ShowResponse.parse(await real.ollama.show({ model: 'my-new-model' }));
    expect(shown.system).toBe('You are helpful');
    expect(shown.parameters).toMatch(/^temperature\s+0\.8$/m);
    await real.ollama.delete({ model: 'my-new-model' });
  });

  test('Pull Model', async () => {
    const lines: string[] = [];
    for await (const line of real.ollama.pullStream(bodies['Pull Model'])) {
      lines.push(schemas.ProgressResponse.parse(line).status);
    }
    expect(lines[0]).toBe('pulling manifest');
    expect(lines.at(-1)).toBe('success');
  });

  test('Delete Model', async () => {
    expect(await real.ollama.delete(bodies['Delete Model'])).toEqual({});
    await expect(real.ollama.show({ model: 'my-chatbot' })).rejects.toMatchObject({
      code: 'model_not_found',
      status: 404,
    });
    await real.ollama.copy({ source: 'pocket', destination: 'my-chatbot' });
  });
});

describe('Embeddings API', () => {
  // The guide asks its chat model. Servers since 0.33 embed with embedding models only.
  test('a chat model is refused', async () => {
    await expect(real.ollama.embeddings(bodies['Embeddings API'])).rejects.toMatchObject({
      status: 501,
      code: 'unsupported',
      hint: expect.stringContaining('choose an embedding model'),
    });
  });

  test('an embedding model of that name gives the vector', async () => {
    await real.ollama.copy({ source: 'pocket-embed', destination: 'my-chatbot' });
    try {
      const answer = schemas.EmbeddingsResponse.parse(await real.ollama.embeddings(bodies['Embeddings API']));
      expect(answer.embedding).toHaveLength(128);
    } finally {
      await real.ollama.copy({ source: 'pocket', destination: 'my-chatbot' });
    }
  });
});
