import type { Message } from '../wire/bodies.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { runErrors } from './run-errors.ts';

interface Limits {
  contextLength: number;
  truncate: boolean;
  numKeep: number;
  version: OllamaVersion;
}

/** Too long a prompt keeps its first tokens and the later half of what the context has room for. */
export function fitTokens(prompt: readonly number[], limits: Limits): readonly number[] {
  const { contextLength, truncate, numKeep, version } = limits;
  if (prompt.length < contextLength) return prompt;
  if (!truncate) throw runErrors[version].contextExceeded(prompt.length, contextLength);
  const keep = Math.min(numKeep, contextLength - 1);
  return [...prompt.slice(0, keep), ...prompt.slice(prompt.length - Math.floor((contextLength - keep) / 2))];
}

/** The system messages and as many of the last messages as the context holds. */
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
