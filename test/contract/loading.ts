import type { Ollama, RunningModel } from '@ollama-toolbelt/core/neutral';
import { ChatResponse, EmbedResponse, GenerateResponse, PsResponse } from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { listedName } from './listed-name.ts';
import { valid } from './responses.ts';

/** Which models are loaded, and for how long. */
export function loadingContract(test: ContractTest): void {
  test('load and unload a chat model, seen in ps', async ({ ollama, chatModel: model }) => {
    await unloaded(ollama, model);
    expect(valid(GenerateResponse, await ollama.load({ model }))).toMatchObject({ response: '', done_reason: 'load' });
    expect((await running(ollama, model))?.context_length).toBeGreaterThan(0);
    expect(valid(GenerateResponse, await ollama.unload({ model }))).toMatchObject({ done_reason: 'unload' });
    await expect.poll(() => running(ollama, model), { timeout: 15_000 }).toBeUndefined();
  });

  test('load and unload an embedding model, seen in ps', async ({ ollama, embedModel: model }) => {
    await unloaded(ollama, model);
    expect(valid(EmbedResponse, await ollama.load({ model })).embeddings).toEqual([]);
    expect(await running(ollama, model)).toBeDefined();
    // Generate rejects only loading: it unloads an embedding model like a chat model.
    expect(valid(GenerateResponse, await ollama.unload({ model }))).toMatchObject({
      response: '',
      done: true,
      done_reason: 'unload',
    });
    await expect.poll(() => running(ollama, model), { timeout: 15_000 }).toBeUndefined();
  });

  test('every way to unload an embedding model', async ({ ollama, embedModel: model }) => {
    const gone = () => expect.poll(() => running(ollama, model), { timeout: 15_000 }).toBeUndefined();
    await ollama.load({ model });
    const byChat = await ollama.chat({ model, messages: [], keep_alive: 0 });
    expect(valid(ChatResponse, byChat)).toMatchObject({ message: { content: '' }, done_reason: 'unload' });
    await gone();
    await ollama.load({ model });
    const byEmbed = await ollama.embed({ model, input: [], keep_alive: 0 });
    expect(valid(EmbedResponse, byEmbed).embeddings).toEqual([]);
    await gone();
    // It is not loaded now, which is not an error.
    expect(await ollama.unload({ model })).toMatchObject({ done_reason: 'unload' });
  });

  test('load with a context length', async ({ ollama, chatModel: model }) => {
    valid(GenerateResponse, await ollama.load({ model, options: { num_ctx: 2048 } }));
    expect((await running(ollama, model))?.context_length).toBe(2048);
  });

  test('no messages load a model too', async ({ ollama, chatModel: model }) => {
    await unloaded(ollama, model);
    expect(await ollama.chat({ model, messages: [] })).toMatchObject({ message: { content: '' }, done_reason: 'load' });
    expect(await running(ollama, model)).toBeDefined();
    expect(await ollama.chat({ model, messages: [], keep_alive: 0 })).toMatchObject({ done_reason: 'unload' });
    await expect.poll(() => running(ollama, model), { timeout: 15_000 }).toBeUndefined();
  });

  const minutes = 60_000;
  const century = 100 * 365 * 24 * 60 * minutes;
  for (const { keep_alive, from, to } of [
    { keep_alive: '10m', from: 9 * minutes, to: 10 * minutes },
    { keep_alive: '1h30m', from: 89 * minutes, to: 90 * minutes },
    { keep_alive: 480, from: 7 * minutes, to: 8 * minutes },
    { keep_alive: '480', from: 7 * minutes, to: 8 * minutes },
    { keep_alive: -1, from: century / 2, to: Number.POSITIVE_INFINITY },
    { keep_alive: '-1', from: century / 2, to: Number.POSITIVE_INFINITY },
    { keep_alive: '-1m', from: century / 2, to: Number.POSITIVE_INFINITY },
  ]) {
    test(`keep_alive ${JSON.stringify(keep_alive)}, seen in ps`, async ({ ollama, chatModel, embedModel }) => {
      for (const model of [chatModel, embedModel]) {
        const before = Date.now();
        await ollama.load({ model, keep_alive });
        const leftMs = Date.parse((await running(ollama, model))?.expires_at ?? '') - before;
        expect(leftMs).toBeGreaterThan(from);
        // The clocks of two machines differ.
        expect(leftMs).toBeLessThan(to + minutes / 2);
      }
    });
  }

  for (const keep_alive of [0, '0', '0s']) {
    test(`keep_alive ${JSON.stringify(keep_alive)} unloads`, async ({ ollama, chatModel: model }) => {
      await ollama.load({ model });
      const answer = valid(GenerateResponse, await ollama.generate({ model, keep_alive }));
      expect(answer.done_reason).toBe('unload');
      await expect.poll(() => running(ollama, model), { timeout: 15_000 }).toBeUndefined();
    });
  }

  test('keep_alive of an answer and of an embedding, seen in ps', async ({ ollama, chatModel, embedModel }) => {
    const messages = [{ role: 'user' as const, content: 'Hello!' }];
    const options = { num_predict: 1 };
    const expectLeft = async (model: string, least: number) => {
      expect(Date.parse((await running(ollama, model))?.expires_at ?? '') - Date.now()).toBeGreaterThan(least);
    };
    await ollama.chat({ model: chatModel, messages, keep_alive: '1200', options });
    await expectLeft(chatModel, 19 * minutes);
    await ollama.embed({ model: embedModel, input: 'x', keep_alive: '40m' });
    await expectLeft(embedModel, 39 * minutes);
    await ollama.embeddings({ model: embedModel, prompt: 'x', keep_alive: '3600' });
    await expectLeft(embedModel, 59 * minutes);
  });
}

/** The entry of a model in `ps`. */
async function running(ollama: Ollama, model: string): Promise<RunningModel | undefined> {
  const { models } = valid(PsResponse, await ollama.ps());
  return models.find(({ name }) => listedName(name) === listedName(model));
}

/** A server unloads a model a moment after it says so. */
async function unloaded(ollama: Ollama, model: string): Promise<void> {
  await ollama.unload({ model });
  await expect.poll(() => running(ollama, model), { timeout: 15_000 }).toBeUndefined();
}
