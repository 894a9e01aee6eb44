import { createOllama } from '@ollama-toolbelt/core/node';
import { expect, test } from 'vitest';
import type { KeptConversation, Store } from '../tool-context.ts';
import { openConversation } from './open-conversation.ts';

/** Nothing is sent here. */
const ollama = createOllama({ host: 'http://127.0.0.1:9' });
const settings = { model: 'm', tools: undefined, reset: undefined };

function emptySession(): { conversations: Store<KeptConversation> } {
  const kept: KeptConversation[] = [];
  const add = (one: KeptConversation) => String(kept.push(one));
  return { conversations: { add, get: (id) => kept[Number(id) - 1], ids: [] } };
}

const user = (content: string) => ({ role: 'user' as const, content });

test('the system prompt belongs to the conversation, the other messages to its first turn', () => {
  const session = emptySession();
  const messages = [{ role: 'system' as const, content: 'Be short.' }, user('a')];
  const { id, kept, messages: firstTurn } = openConversation('new', { ...settings, messages }, { ollama, session });
  expect(kept.chat.system).toBe('Be short.');
  expect(firstTurn).toEqual([user('a')]);
  expect(openConversation(id, { ...settings, messages: [user('b')] }, { ollama, session }).kept).toBe(kept);
});

test('a conversation that is too large accepts no more turns until it is reset', () => {
  const session = emptySession();
  const chat = ollama.conversation({ model: 'm', messages: [user('x'.repeat(8_000_000))] });
  const id = session.conversations.add({ chat, ollama, tools: undefined, numCtx: undefined });
  const turn = (reset: boolean) =>
    openConversation(id, { ...settings, reset, messages: [user('a')] }, { ollama, session });
  expect(() => turn(false)).toThrow('too large');
  expect(turn(true).kept.chat.messages).toEqual([]);
});
