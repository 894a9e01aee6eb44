import { createOllama } from '@ollama-toolbelt/core/node';
import { expect, test } from 'vitest';
import { ClientSession } from '../../sessions/session.ts';
import { openConversation } from './open-conversation.ts';

/** Nothing is sent here. */
const ollama = createOllama({ host: 'http://127.0.0.1:9' });
const settings = { model: 'm', tools: undefined, reset: undefined };
const user = (content: string) => ({ role: 'user' as const, content });

test('the system prompt is part of the conversation, the rest is said in its first turn', () => {
  const session = new ClientSession();
  const messages = [{ role: 'system' as const, content: 'Be short.' }, user('a')];
  const { id, kept, messages: said } = openConversation('new', { ...settings, messages }, { ollama, session });
  expect(kept.chat.system).toBe('Be short.');
  expect(said).toEqual([user('a')]);
  expect(openConversation(id, { ...settings, messages: [user('b')] }, { ollama, session }).kept).toBe(kept);
});

test('a conversation that has become too large takes no further turn until it is cleared', () => {
  const session = new ClientSession();
  const chat = ollama.conversation({ model: 'm', messages: [user('x'.repeat(8_000_000))] });
  const id = session.conversations.add({ chat, numCtx: undefined });
  const turn = (reset: boolean) =>
    openConversation(id, { ...settings, reset, messages: [user('a')] }, { ollama, session });
  expect(() => turn(false)).toThrow('too large');
  expect(turn(true).kept.chat.messages).toEqual([]);
});

test('what ends with the session is unknown to the next one', () => {
  const session = new ClientSession();
  const { id } = openConversation('new', { ...settings, messages: [user('a')] }, { ollama, session });
  session.close();
  expect(() => openConversation(id, { ...settings, messages: [] }, { ollama, session })).toThrow(
    `There is no conversation ${id}`,
  );
});
