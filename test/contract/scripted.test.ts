import { scriptedModel, startScripted } from '@ollama-toolbelt/ollama-server';
import { contract } from './contract.ts';
import { sayLikePocket, withoutContractNames } from './scripted-answers.ts';

/** The pocket models, and some with capabilities that they lack. */
const models = [
  scriptedModel({ name: 'pocket', contextLength: 2048 }),
  scriptedModel({ name: 'pocket-thinking', capabilities: ['completion', 'tools', 'thinking'] }),
  scriptedModel({ name: 'pocket-embed', capabilities: ['embedding'], embeddingLength: 8 }),
  scriptedModel({ name: 'seeing', capabilities: ['completion', 'vision'] }),
  scriptedModel({ name: 'coding', capabilities: ['completion', 'insert'] }),
];

for (const version of ['0.33', '0.24'] as const) {
  contract({
    name: `the scripted engine as Ollama ${version}`,
    open: async () => {
      const server = await startScripted({ models, version, says: sayLikePocket });
      withoutContractNames(server);
      return {
        host: server.host,
        chatModel: 'pocket',
        embedModel: 'pocket-embed',
        otherModels: ['pocket-thinking', 'seeing', 'coding'],
        canAssumeWords: true,
        transferable: { pull: 'pocket:1m', push: 'pocket' },
        [Symbol.asyncDispose]: () => server.close(),
      };
    },
  });
}
