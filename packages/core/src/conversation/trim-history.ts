import type { Message } from '../schemas/interfaces.ts';

export interface TrimLimits {
  /** Maximum total size of the messages. */
  limit: number;
  /** The size they are cut to once they exceed the limit; at most the limit. */
  target: number;
  /** Size of one message, in the unit of `limit`. */
  sizeOf: (message: Message) => number;
}

export interface TrimmedHistory {
  messages: readonly Message[];
  /** How many messages were dropped. */
  dropped: number;
}

/**
 * Drops the oldest turns of a history that is too long. A turn is a user message and everything up to the next one, so
 * a tool call never loses its result. System messages and the last turn always stay, even if they alone exceed the
 * limit.
 *
 * Cutting more than necessary (`target`) pays off: the beginning of the prompt then stays the same over the next turns,
 * and the server can reuse its cache for it.
 */
export function trimHistory(messages: readonly Message[], { limit, target, sizeOf }: TrimLimits): TrimmedHistory {
  let size = 0;
  for (const message of messages) size += sizeOf(message);
  if (size <= limit) return { messages, dropped: 0 };

  const dropped = new Set<Message>();
  for (const turn of oldTurns(messages)) {
    if (size <= target) break;
    for (const message of turn) {
      dropped.add(message);
      size -= sizeOf(message);
    }
  }
  return { messages: messages.filter((message) => !dropped.has(message)), dropped: dropped.size };
}

/** The turns that may be dropped, oldest first, without the system messages among them. */
export function oldTurns(messages: readonly Message[]): Message[][] {
  const turns: Message[][] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const current = turns.at(-1);
    if (message.role === 'user' || current === undefined) turns.push([message]);
    else current.push(message);
  }
  return turns.slice(0, -1);
}
