import { createOllama, type Ollama } from '@ollama-toolbelt/core/node';
import { expect } from 'vitest';
import { noBuild, startLlamaIfBuilt } from '../fixtures/llama-if-built.ts';
import { contract } from './contract.ts';

/** What a person would notice: the models, and which are loaded how and for how long, to the hour. */
async function stateOf(ollama: Ollama): Promise<object> {
  const { models } = await ollama.list();
  const running = (await ollama.ps()).models.map(({ name, context_length, expires_at }) => ({
    name,
    context_length,
    hours: Math.round(Math.min(Date.parse(expires_at) - Date.now(), 1e12) / 3_600_000),
  }));
  return { installed: models.map(({ name, digest }) => `${name} ${digest}`), running };
}

for (const { name, load } of [
  { name: 'a server with nothing loaded', load: async () => {} },
  {
    name: 'a server that is in use',
    load: async (ollama: Ollama) => {
      await ollama.load({ model: 'pocket', keep_alive: '1h', options: { num_ctx: 1024 } });
      await ollama.load({ model: 'pocket-embed', keep_alive: -1 });
    },
  },
]) {
  // As a real server is treated: nothing is known of its words, and it is left as it was found.
  contract({
    name,
    timeoutMs: 60_000,
    open: async () => {
      const server = await startLlamaIfBuilt();
      if (!server) return noBuild;
      const ollama = createOllama({ host: server.host });
      await load(ollama);
      const before = await stateOf(ollama);
      return {
        host: server.host,
        chatModel: 'pocket',
        embedModel: 'pocket-embed',
        otherModels: [],
        canAssumeWords: false,
        [Symbol.asyncDispose]: async () => {
          const after = await stateOf(ollama);
          await ollama.close();
          await server.close();
          expect(after).toEqual(before);
        },
      };
    },
  });
}
