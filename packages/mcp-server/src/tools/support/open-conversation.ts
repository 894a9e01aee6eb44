import type { ChatRequest, Message } from '@ollama-toolbelt/core/neutral';
import { Refusal } from '../refusal.ts';
import type { KeptConversation, Session } from '../tool-context.ts';

/** About the size of the largest context of a model, plus a few images. */
const MAX_CHARACTERS = 8_000_000;

export interface OpenConversation {
  id: string;
  kept: KeptConversation;
  /** The messages of this turn. */
  messages: Message[];
}

type Settings = Pick<ChatRequest, 'model' | 'tools'>;

/**
 * Starts or continues a conversation.
 *
 * @throws Refusal if there is no such conversation, or it is too large.
 */
export function openConversation(
  wanted: string,
  { messages, reset, ...settings }: Settings & { messages: Message[]; reset: boolean | undefined },
  { ollama, session }: { ollama: KeptConversation['ollama']; session: Pick<Session, 'conversations'> },
): OpenConversation {
  if (wanted === 'new') {
    const [first, ...others] = messages;
    const system = first?.role === 'system' ? (first.content ?? '') : undefined;
    // If the rest does not fit even without the oldest turns, report an error: the server must not truncate it.
    const begun = { ...settings, truncate: false, ...(system !== undefined && { system }) };
    const kept = { chat: ollama.conversation(begun), ollama, tools: settings.tools, numCtx: undefined };
    return { id: session.conversations.add(kept), kept, messages: system === undefined ? messages : others };
  }
  const kept = session.conversations.get(wanted);
  if (kept === undefined) {
    const { ids } = session.conversations;
    const known = ids ? ` There are: ${ids.join(', ') || 'none'}.` : '';
    throw new Refusal(
      `There is no conversation ${wanted.slice(0, 64)}: it expired, or belongs to another session.`,
      `Start one with conversation: "new".${known}`,
    );
  }
  if (reset) kept.chat.reset();
  // We keep the history, so it can continue on another server.
  if (settings.tools !== undefined || kept.ollama !== ollama) {
    const { system, messages: before } = kept.chat;
    const { tools = kept.tools } = settings;
    const again = { ...settings, tools, truncate: false, messages: before, ...(system !== undefined && { system }) };
    const numCtx = kept.ollama === ollama ? kept.numCtx : undefined;
    Object.assign(kept, { chat: ollama.conversation(again), ollama, tools, numCtx } satisfies KeptConversation);
  }
  if (JSON.stringify(kept.chat.messages).length > MAX_CHARACTERS) {
    throw new Refusal('The conversation has become too large.', 'Clear it with reset: true, or start a new one.');
  }
  return { id: wanted, kept, messages };
}
