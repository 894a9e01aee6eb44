import { createOllama } from '@ollama-toolbelt/core/node';
import { describe, test } from 'vitest';
import { contract } from './contract.ts';

const {
  OLLAMA_LIVE_HOST: host,
  OLLAMA_LIVE_MODEL: chatModel,
  OLLAMA_LIVE_EMBED_MODEL: embedModel,
  OLLAMA_API_KEY: apiKey,
} = process.env;

if (host === undefined || host === '') {
  // `pnpm test` skips tests that need a server; somebody who runs this suite wants to see that.
  if (process.env['npm_lifecycle_event'] === 'test:live') {
    throw new Error(
      'OLLAMA_LIVE_HOST is not set. Set it to the address of an Ollama server, OLLAMA_LIVE_MODEL to a chat model there and OLLAMA_LIVE_EMBED_MODEL to an embedding model.',
    );
  }
  describe('the contract on a real server', () => {
    test.skip('needs OLLAMA_LIVE_HOST, OLLAMA_LIVE_MODEL and OLLAMA_LIVE_EMBED_MODEL', () => {});
  });
} else {
  contract({
    name: 'a real server',
    // Loading a large model takes minutes.
    timeoutMs: 600_000,
    open: async () => {
      if (!chatModel || !embedModel) {
        await using ollama = createOllama({ host, ...(apiKey && { apiKey }) });
        const installed = (await ollama.list()).models.map(({ name }) => name).join(', ');
        const missing = 'set OLLAMA_LIVE_MODEL and OLLAMA_LIVE_EMBED_MODEL to a chat and an embedding model of';
        throw new Error(`${missing} ${host}, which has: ${installed || 'none'}`);
      }
      return {
        host,
        ...(apiKey && { apiKey }),
        chatModel,
        embedModel,
        otherModels: [],
        canAssumeWords: false,
        [Symbol.asyncDispose]: async () => {},
      };
    },
  });
}
