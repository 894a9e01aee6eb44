import { createHash, randomUUID } from 'node:crypto';
import {
  ChatResponse,
  EmptyResponse,
  ListResponse,
  ProgressResponse,
  ShowResponse,
} from '@ollama-toolbelt/core/schemas';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { listedName } from './listed-name.ts';
import { pirate, steady, words } from './pocket-answers.ts';
import { refused, valid, validChunks } from './responses.ts';

const messages = [{ role: 'user' as const, content: words.sky.prompt }];

/** Creating, copying and deleting models. All are created from the given one, and deleted again. */
export function modelsContract(test: ContractTest): void {
  test('create from a model', async ({ ollama, chatModel, freshName, canAssumeWords }) => {
    const model = freshName();
    const lines: unknown[] = [];
    const request = { model, from: chatModel, system: pirate };
    const last = await ollama.create(request, { onProgress: (line) => lines.push(valid(ProgressResponse, line)) });
    expect(valid(ProgressResponse, last).status).toBe('success');
    expect(lines.length).toBeGreaterThan(1);
    const shown = valid(ShowResponse, await ollama.show({ model }));
    expect(shown.system).toBe(pirate);
    const { models } = valid(ListResponse, await ollama.list());
    expect(models.map(({ name }) => name)).toContain(`${model}:latest`);
    const answer = valid(ChatResponse, await ollama.chat({ model, messages, options: steady }));
    expect(answer.model).toContain(model);
    if (canAssumeWords) expect(answer.message.content).toBe(words.sky.pirate);
    await ollama.unload({ model });
    valid(EmptyResponse, await ollama.delete({ model }));
  });

  test('create, streamed, with every field that a model has', async ({ ollama, chatModel, freshName }) => {
    const model = freshName();
    const request = {
      name: model,
      from: chatModel,
      template: '{{ .Prompt }}',
      license: ['One.', 'Two.'],
      messages: [
        { role: 'user' as const, content: 'Hi' },
        { role: 'assistant' as const, content: 'Hello!' },
      ],
      parameters: { stop: ['END'], top_k: 7 },
      stream: false,
    };
    const lines = await validChunks(ProgressResponse, ollama.createStream(request));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.at(-1)?.status).toBe('success');
    const shown = valid(ShowResponse, await ollama.show({ model }));
    expect(shown).toMatchObject({ template: '{{ .Prompt }}', messages: request.messages });
    expect(shown.license).toMatch(/One\.[\s\S]*Two\./);
    expect(shown.parameters).toMatch(/^top_k\s+7$/m);
    expect(shown.parameters).toMatch(/^stop\s+"END"$/m);
    valid(EmptyResponse, await ollama.delete({ model }));
  });

  test('create from the text of a Modelfile', async ({ ollama, chatModel, freshName }) => {
    const model = freshName();
    const modelfile = `FROM ${chatModel}\nPARAMETER temperature 0.25\nPARAMETER num_ctx 1024\nSYSTEM """${pirate}\nAlways."""`;
    expect(valid(ProgressResponse, await ollama.create({ model, modelfile })).status).toBe('success');
    const shown = valid(ShowResponse, await ollama.show({ model }));
    expect(shown.system).toBe(`${pirate}\nAlways.`);
    expect(shown.parameters).toMatch(/^temperature\s+0\.25$/m);
    expect(shown.parameters).toMatch(/^num_ctx\s+1024$/m);
    valid(EmptyResponse, await ollama.delete({ model }));
  });

  test('create replaces a model of that name', async ({ ollama, chatModel, freshName }) => {
    const model = freshName();
    for (const system of ['One.', 'Two.']) {
      await ollama.create({ model, from: chatModel, system });
      expect(valid(ShowResponse, await ollama.show({ model })).system).toBe(system);
    }
    valid(EmptyResponse, await ollama.delete({ model }));
  });

  test('upload a blob, and create a model from it', async ({ ollama, chatModel, freshName }) => {
    // The system prompt of a model is a blob: it is deleted with its model, so no upload stays behind.
    const system = `A system prompt of the contract, ${randomUUID()}.`;
    const digest = `sha256:${createHash('sha256').update(system).digest('hex')}`;
    expect(await ollama.blobs.has(digest)).toBe(false);
    expect(await ollama.blobs.upload(Buffer.from(system))).toEqual({ digest });
    expect(await ollama.blobs.has(digest)).toBe(true);
    const lines: { status: string; digest?: string | undefined }[] = [];
    await ollama.blobs.upload(Buffer.from(system), { onProgress: (line) => lines.push(valid(ProgressResponse, line)) });
    expect(lines.at(-1)).toMatchObject({ status: 'already on the server: bytes', digest });
    const model = freshName();
    await ollama.create({ model, from: chatModel, system });
    expect(valid(ShowResponse, await ollama.show({ model })).system).toBe(system);
    valid(EmptyResponse, await ollama.delete({ model }));
  });

  test('copy and delete', async ({ ollama, chatModel, freshName }) => {
    const destination = freshName();
    expect(valid(EmptyResponse, await ollama.copy({ source: chatModel, destination }))).toEqual({});
    const { models } = valid(ListResponse, await ollama.list());
    const digestOf = (model: string) => models.find(({ name }) => listedName(name) === listedName(model))?.digest;
    // A server may rewrite the manifest of a copy; what counts is that it is there.
    expect(digestOf(destination)).toBeDefined();
    expect(valid(ShowResponse, await ollama.show({ model: destination })).model_info).toEqual(
      valid(ShowResponse, await ollama.show({ model: chatModel })).model_info,
    );
    expect(valid(EmptyResponse, await ollama.delete({ name: destination }))).toEqual({});
    expect((await ollama.list()).models.map(({ name }) => name)).not.toContain(`${destination}:latest`);
    await refused(ollama.show({ model: destination }), { status: 404, code: 'model_not_found', says: /not found/ });
  });
}
