import { noBuild, startLlamaIfBuilt } from '../fixtures/llama-if-built.ts';
import { contract } from './contract.ts';

for (const version of ['0.33', '0.24'] as const) {
  contract({
    name: `the llama engine as Ollama ${version}`,
    timeoutMs: 60_000,
    open: async () => {
      const server = await startLlamaIfBuilt({ version });
      if (!server) return noBuild;
      return {
        host: server.host,
        chatModel: 'pocket',
        embedModel: 'pocket-embed',
        otherModels: ['pocket-thinking'],
        canAssumeWords: true,
        transferable: { pull: 'pocket:1m', push: 'pocket' },
        [Symbol.asyncDispose]: () => server.close(),
      };
    },
  });
}
