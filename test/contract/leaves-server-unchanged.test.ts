import { createOllama, type Ollama } from '@ollama-toolbelt/core/node';
import { expect, test } from 'vitest';
import { noBuild, startLlamaIfBuilt } from '../fixtures/llama-if-built.ts';
import { contract } from './contract.ts';
import { LoadedState, remove } from './server-state.ts';

/** What a person would notice: the models, which of them are loaded, how, and for how many hours. */
async function stateOf(ollama: Ollama): Promise<object> {
  const { models } = await ollama.list();
  const running = (await ollama.ps()).models.map(({ name, context_length, expires_at }) => ({
    name,
    context_length,
    hours: Math.round(Math.min(Date.parse(expires_at) - Date.now(), 1e12) / 3_600_000),
  }));
  return { installed: models.map(({ name, digest }) => `${name} ${digest}`), running };
}

for (const { name, version, load } of [
  { name: 'a server with nothing loaded', version: '0.33', load: async () => {} },
  { name: 'an older server with nothing loaded', version: '0.24', load: async () => {} },
  {
    name: 'a server that is in use',
    version: '0.33',
    load: async (ollama: Ollama) => {
      await ollama.load({ model: 'pocket', keep_alive: '1h', options: { num_ctx: 1024 } });
      await ollama.load({ model: 'pocket-embed', keep_alive: -1 });
    },
  },
] as const) {
  // Treated like a real server: its words are unknown, and it must be left as it was found.
  contract({
    name,
    timeoutMs: 60_000,
    open: async () => {
      const server = await startLlamaIfBuilt({ version });
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

const names = async (ollama: Ollama) => (await ollama.ps()).models.map(({ name }) => name);

test('a model that was deleted while it was loaded is still unloaded', async ({ skip }) => {
  const server = await startLlamaIfBuilt();
  if (!server) return skip(noBuild);
  await using _ = server;
  await using ollama = createOllama({ host: server.host });
  const before = await LoadedState.of(ollama);
  await ollama.create({ model: 'left-behind', from: 'pocket', system: 'x' });
  await ollama.load({ model: 'left-behind' });
  await ollama.delete({ model: 'left-behind' });
  expect(await names(ollama)).toEqual(['left-behind:latest']);
  await before.restore('pocket');
  await expect.poll(() => names(ollama)).toEqual([]);
});

test('models that the contract creates are unloaded before they are deleted, and may be gone already', async ({
  skip,
}) => {
  const server = await startLlamaIfBuilt();
  if (!server) return skip(noBuild);
  await using _ = server;
  await using ollama = createOllama({ host: server.host });
  await ollama.create({ model: 'made', from: 'pocket', system: 'x' });
  await ollama.load({ model: 'made' });
  for (const model of ['made', 'made', 'never-made']) await remove(ollama, model);
  expect((await ollama.list()).models.map(({ name }) => name)).not.toContain('made:latest');
  await expect.poll(() => names(ollama)).toEqual([]);
});
