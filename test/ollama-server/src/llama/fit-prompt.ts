import type { Message } from '../wire/bodies.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { runErrors } from './run-errors.ts';

interface Limits {
  contextLength: number;
  truncate: boolean;
  numKeep: number;
  version: OllamaVersion;
}

/**
 * A prompt that is too long keeps its first tokens and part of its end: in 0.24 as much as there is room for, in 0.33
 * as much as half of the room, so the answer has some too.
 */
export function fitTokens(prompt: readonly number[], limits: Limits): readonly number[] {
  const { contextLength, truncate, numKeep, version } = limits;
  const hasRoom = version === '0.24' ? prompt.length <= contextLength : prompt.length < contextLength;
  if (hasRoom) return prompt;
  if (!truncate) throw runErrors[version].contextExceeded(prompt.length, contextLength);
  const keep = Math.min(numKeep, contextLength - 1);
  const room = contextLength - keep;
  const kept = version === '0.24' ? room : Math.floor(room / 2);
  return [...prompt.slice(0, keep), ...prompt.slice(prompt.length - kept)];
}

/** The system messages and as many of the last messages as fit the context. */
export function fitMessages(
  messages: readonly Message[],
  contextLength: number,
  count: (messages: Message[]) => number,
): Message[] {
  const from = (index: number) => [
    ...messages.slice(0, index).filter(({ role }) => role === 'system'),
    ...messages.slice(index),
  ];
  let first = messages.length - 1;
  for (let index = first - 1; index >= 0; index--) {
    if (count(from(index)) > contextLength) break;
    first = index;
  }
  return from(Math.max(first, 0));
}
