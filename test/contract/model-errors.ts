import type { Ollama } from '@ollama-toolbelt/core/neutral';
import { expect } from 'vitest';
import type { ContractTest } from './contract-test.ts';
import { steady, weatherTool } from './pocket-answers.ts';
import { type Refusal, refused } from './responses.ts';

const messages = [{ role: 'user' as const, content: 'Hello!' }];
type Call = (ollama: Ollama, model: string) => Promise<unknown> | AsyncIterable<unknown>;

/** Every call that names a model. */
const calls: Readonly<Record<string, Call>> = {
  generate: (ollama, model) => ollama.generate({ model, prompt: 'Hello!' }),
  'generate, streamed': (ollama, model) => ollama.generateStream({ model, prompt: 'Hello!' }),
  chat: (ollama, model) => ollama.chat({ model, messages }),
  'chat, streamed': (ollama, model) => ollama.chatStream({ model, messages }),
  embed: (ollama, model) => ollama.embed({ model, input: 'Hello!' }),
  'embed of several texts': (ollama, model) => ollama.embed({ model, input: ['Hello!', 'Hi!'] }),
  embeddings: (ollama, model) => ollama.embeddings({ model, prompt: 'Hello!' }),
  show: (ollama, model) => ollama.show({ model }),
  'show by the older name': (ollama, name) => ollama.show({ name }),
  delete: (ollama, model) => ollama.delete({ model }),
  load: (ollama, model) => ollama.load({ model }),
  unload: (ollama, model) => ollama.unload({ model }),
};

const required: Refusal = { status: 400, code: 'bad_request', says: /^model is required/ };
const emptyNotFound: Refusal = { status: 404, code: 'model_not_found', says: /^model ['"]{2} not found/ };
const badName: Refusal = { status: 400, code: 'bad_request', says: /^invalid model name/ };

/** The error for a missing model name; it differs between routes. */
const withoutModel: Readonly<Record<string, Refusal>> = {
  generate: emptyNotFound,
  'generate, streamed': emptyNotFound,
  chat: required,
  'chat, streamed': required,
  embed: emptyNotFound,
  embeddings: required,
  show: required,
  delete: required,
};

/** Errors for models that do not exist, or lack a capability. */
export function modelErrorsContract(test: ContractTest): void {
  const unknown: Refusal = { status: 404, code: 'model_not_found', says: /^model ['"].+['"] not found/ };
  for (const [name, call] of Object.entries(calls)) {
    test(`${name} of an unknown model`, async ({ ollama, freshName }) => {
      const model = freshName();
      const error = await refused(call(ollama, model), unknown);
      expect(error).toMatchObject({ model, retryable: false, hint: expect.stringContaining(`ollama pull ${model}`) });
    });
  }

  test('copy of an unknown model', async ({ ollama, freshName }) => {
    await refused(ollama.copy({ source: freshName(), destination: freshName() }), unknown);
  });

  for (const [name, refusal] of Object.entries(withoutModel)) {
    test(`${name} without a model`, async ({ ollama }) => {
      await refused((calls[name] as Call)(ollama, ''), refusal);
    });
  }

  test('pull, create and push without a model', async ({ ollama, chatModel }) => {
    await refused(ollama.pull({}), badName);
    await refused(ollama.pullStream({ model: '' }), badName);
    await refused(ollama.create({ from: chatModel }), badName);
    await refused(ollama.push({}), required);
  });

  test('bad names', async ({ ollama, chatModel }) => {
    const model = 'bad name!';
    await refused(ollama.pull({ model }), badName);
    await refused(ollama.create({ model, from: chatModel }), badName);
    await refused(ollama.createStream({ model, from: chatModel }), badName);
    const badCopy: Refusal = { status: 400, code: 'bad_request', says: /^(source|destination) ".*" is invalid/ };
    await refused(ollama.copy({ source: chatModel, destination: model }), badCopy);
    await refused(ollama.copy({ source: '', destination: 'x' }), badCopy);
  });

  test('chat with an embedding model', async ({ ollama, embedModel: model }) => {
    const cannotChat: Refusal = { status: 400, code: 'unsupported', says: /does not support chat/ };
    await refused(ollama.chat({ model, messages }), cannotChat);
    await refused(ollama.chatStream({ model, messages, tools: [weatherTool] }), cannotChat);
    const cannotGenerate: Refusal = { status: 400, code: 'unsupported', says: /does not support generate/ };
    await refused(ollama.generate({ model, prompt: 'Hello!' }), cannotGenerate);
    await refused(ollama.generateStream({ model, prompt: 'Hello!' }), cannotGenerate);
  });

  test('thinking with a model that cannot think', async ({ ollama, chatModelWithout }) => {
    const model = chatModelWithout('thinking');
    const cannotThink: Refusal = { status: 400, code: 'unsupported', says: /does not support thinking/ };
    await refused(ollama.chat({ model, messages, think: true }), cannotThink);
    await refused(ollama.chatStream({ model, messages, think: 'high' }), cannotThink);
    await refused(ollama.generate({ model, prompt: 'Hello!', think: true }), cannotThink);
  });

  test('tools with a model that cannot call them', async ({ ollama, chatModelWithout }) => {
    const model = chatModelWithout('tools');
    const call = ollama.chat({ model, messages, tools: [weatherTool] });
    await refused(call, { status: 400, code: 'unsupported', says: /does not support tools/ });
  });

  test('a suffix with a model that cannot insert', async ({ ollama, chatModelWithout }) => {
    const request = { prompt: 'def gcd(a, b):', suffix: '    return result', options: steady };
    const call = ollama.generate({ model: chatModelWithout('insert'), ...request });
    await refused(call, { status: 400, code: 'unsupported', says: /does not support insert/ });
  });
}
