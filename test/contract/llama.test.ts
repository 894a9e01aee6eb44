import { noBuild, startLlamaIfBuilt } from '../fixtures/llama-if-built.ts';
import { contract } from './contract.ts';

contract({
  name: 'the llama engine',
  timeoutMs: 60_000,
  open: async () => {
    const server = await startLlamaIfBuilt();
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
