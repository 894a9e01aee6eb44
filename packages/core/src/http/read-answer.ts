import type { CallFacts } from '../errors/call-facts.ts';
import type { CallOptions } from '../options.ts';
import type { TransportResponse } from '../platform.ts';
import { listRoute } from '../wire/list-route.ts';
import { isCutJson, notJson } from '../wire/ndjson.ts';
import { WholeText } from '../wire/whole-text.ts';
import { checkLine } from './check-line.ts';
import type { ClientContext } from './client-context.ts';
import { Exchange, type Outgoing } from './exchange.ts';

/** The value of a complete response: one JSON object, or an empty one if the route responds with an empty body. */
export async function readAnswer(client: ClientContext, outgoing: Outgoing, call: CallOptions): Promise<unknown> {
  const exchange = new Exchange(client, outgoing, call);
  try {
    const response = await exchange.open();
    const text = await readText(exchange, client.maxLineBytes);
    if (outgoing.route.answer === 'empty' && text.trim() === '') return {};
    const answer = checkLine<object>(parseWhole(text, response, exchange.facts), text.length, outgoing, exchange.facts);
    return withList(answer, outgoing.route);
  } catch (error) {
    throw await client.failures.complete(error, client, call, () => exchange.signal);
  } finally {
    exchange.end();
  }
}

export const listModels = (client: ClientContext, call: CallOptions) => readAnswer(client, { route: listRoute }, call);

/** Puts an empty list where the server wrote null. */
function withList(answer: object, { list }: Outgoing['route']): object {
  return list !== undefined && (answer as Record<string, unknown>)[list] === null ? { ...answer, [list]: [] } : answer;
}

async function readText(exchange: Exchange, maxBytes: number): Promise<string> {
  const { facts } = exchange;
  const whole = new WholeText(facts);
  let total = 0;
  for (let bytes = await exchange.next(); bytes !== undefined; bytes = await exchange.next()) {
    total += bytes.length;
    if (total > maxBytes) throw facts.errors.line_too_long(facts, maxBytes);
    whole.push(bytes);
  }
  const text = whole.end();
  if (text === undefined) throw facts.errors.truncated(facts);
  return text;
}

function parseWhole(text: string, response: TransportResponse, facts: CallFacts): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (response.headers['content-type']?.includes('json') !== true) {
      throw facts.errors.server_error(facts, { ...response, text });
    }
    throw isCutJson(text) ? facts.errors.truncated(facts) : notJson(facts, 1, text);
  }
}
