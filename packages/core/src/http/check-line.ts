import type { CallFacts } from '../errors/call-facts.ts';
import type { Outgoing } from './exchange.ts';

/**
 * Returns a response, or a line of one, after checking that it is what the API describes.
 *
 * @throws OllamaStreamError for an error that the server sent in it, or `bad_line`.
 */
export function checkLine<Line extends object>(
  value: unknown,
  characters: number,
  { route }: Outgoing,
  facts: CallFacts,
): Line {
  const { errors } = facts;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.bad_line(facts, { shape: undefined });
  }
  const line = value as Record<string, unknown>;
  const { error } = line;
  // Some gateways send an empty error if there is none.
  if (error !== undefined && error !== null && error !== '') throw errors.stream_error(facts, line);
  const shape = route.shape?.(line, characters);
  if (shape !== undefined) throw errors.bad_line(facts, { shape });
  return line as Line;
}
