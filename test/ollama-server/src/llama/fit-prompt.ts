import type { Message } from '../wire/bodies.ts';
import { goJson } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';

/** An error of llama-server: its JSON goes into the string as it is. */
export const engineError = (message: string, type: string, numbers: Record<string, number> = {}): WireError =>
  new WireError(400, goJson({ error: { code: 400, message, type, ...numbers } }));

interface Limits {
  contextLength: number;
  truncate: boolean;
  numKeep: number;
}

/** Too long a prompt keeps its first tokens and the later half of what the context has room for. */
export function fitTokens(prompt: readonly number[], { contextLength, truncate, numKeep }: Limits): readonly number[] {
  if (prompt.length < contextLength) return prompt;
  if (!truncate) {
    throw engineError(
      `request (${prompt.length} tokens) exceeds the available context size (${contextLength} tokens), try increasing it`,
      'exceed_context_size_error',
      { n_prompt_tokens: prompt.length, n_ctx: contextLength },
    );
  }
  const keep = Math.min(numKeep, contextLength - 1);
  return [...prompt.slice(0, keep), ...prompt.slice(-Math.floor((contextLength - keep) / 2))];
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
