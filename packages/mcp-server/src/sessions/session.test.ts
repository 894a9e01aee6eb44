import { createOllama } from '@ollama-toolbelt/core/node';
import { expect, test } from 'vitest';
import { ClientSession } from './session.ts';

test('closing a session ends everything that it keeps', async () => {
  await using ollama = createOllama({ host: 'http://127.0.0.1:9' });
  const session = new ClientSession();
  const chat = session.conversations.add({
    chat: ollama.conversation({ model: 'm' }),
    ollama,
    tools: undefined,
    numCtx: undefined,
  });
  const vectors = session.embeddings.add({ model: 'm', embeddings: [[1]] });
  expect(session.conversations.get(chat)).toBeDefined();
  session.close();
  expect(session.conversations.get(chat)).toBeUndefined();
  expect(session.embeddings.get(vectors)).toBeUndefined();
});
