import { OllamaStreamError } from '../errors/errors.ts';
import { failureOf, where } from '../errors/hints.ts';
import { httpError } from '../errors/http-error.ts';
import { serverMessage } from '../errors/server-message.ts';
import type { CallOptions } from '../options.ts';
import type { TransportResponse } from '../platform.ts';
import { decodeUtf8, endsInCharacter, isCutJson, lineTooLong, notJson } from '../wire/ndjson.ts';
import { routes } from '../wire/routes.ts';
import type { ClientContext } from './client-context.ts';
import { Exchange, type Outgoing } from './exchange.ts';
import { addNearestModels } from './nearest-models.ts';

/** The value of a whole answer: one JSON object; an empty one for the empty body of an route that says nothing. */
export async function readAnswer(client: ClientContext, outgoing: Outgoing, call: CallOptions): Promise<unknown> {
  const exchange = new Exchange(client, outgoing, call);
  try {
    const response = await exchange.open();
    const text = await readText(exchange, client.maxLineBytes);
    if (outgoing.route.answer === 'empty' && text.trim() === '') return {};
    const answer = checkLine<object>(parseWhole(text, response, exchange), text.length, outgoing, exchange);
    return withList(answer, outgoing.route);
  } catch (error) {
    await addNearestModels(error, client, call, () => exchange.signal, listModels);
    throw error;
  } finally {
    exchange.end();
  }
}

export const listModels = (client: ClientContext, call: CallOptions) =>
  readAnswer(client, { route: routes.list }, call);

/** An empty list where the server wrote null. */
function withList(answer: object, { list }: Outgoing['route']): object {
  return list !== undefined && (answer as Record<string, unknown>)[list] === null ? { ...answer, [list]: [] } : answer;
}

async function readText(exchange: Exchange, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces: string[] = [];
  let total = 0;
  for (let bytes = await exchange.next(); bytes !== undefined; bytes = await exchange.next()) {
    total += bytes.length;
    if (total > maxBytes) throw lineTooLong(maxBytes, exchange.facts);
    pieces.push(decodeUtf8(decoder, exchange.facts, bytes));
  }
  if (endsInCharacter(decoder)) throw truncated(exchange);
  return pieces.join('');
}

function parseWhole(text: string, response: TransportResponse, exchange: Exchange): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (response.headers['content-type']?.includes('json') !== true) {
      throw httpError({ ...response, text }, exchange.facts);
    }
    throw isCutJson(text) ? truncated(exchange) : notJson(1, text.length, exchange.facts);
  }
}

export function checkLine<Line extends object>(
  value: unknown,
  characters: number,
  { route }: Outgoing,
  exchange: Exchange,
): Line {
  const message = serverMessage(value);
  const { facts } = exchange;
  if (message !== undefined) {
    const { text, code = 'stream_error', details, hint } = message;
    const failure = failureOf(code, facts, 'body');
    throw new OllamaStreamError(`${text} (${where(facts)})`, {
      ...details,
      ...failure,
      hint: hint ?? failure.hint,
      retryable: code === 'server_busy',
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OllamaStreamError(
      `A line of the answer is not a JSON object (${where(facts)}).`,
      failureOf('bad_line', facts, 'body'),
    );
  }
  const wrong = route.shape?.(value as Record<string, unknown>, characters);
  if (wrong !== undefined) {
    throw new OllamaStreamError(
      `The answer does not have the shape of the API: ${wrong} (${where(facts)}).`,
      failureOf('bad_line', facts, 'body'),
    );
  }
  return value as Line;
}

export function truncated({ facts }: Exchange): OllamaStreamError {
  const message = `The answer ended before it was complete (${where(facts)}).`;
  return new OllamaStreamError(message, failureOf('truncated', facts, 'body'));
}
