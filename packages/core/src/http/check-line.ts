import type { CallFacts } from '../errors/call-facts.ts';
import { isObject } from '../wire/shape-check.ts';
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
  if (!isObject(value)) throw errors.bad_line(facts, { shape: undefined });
  const { error } = value;
  // Some gateways send an empty error if there is none.
  if (error !== undefined && error !== null && error !== '') throw errors.stream_error(facts, value);
  const shape = route.shape?.(value, characters);
  if (shape !== undefined) throw errors.bad_line(facts, { shape });
  return value as Line;
}
