import { OllamaError, OllamaStreamError } from '../errors/errors.ts';
import { failureOf, where } from '../errors/hints.ts';
import { httpError } from '../errors/http-error.ts';
import { serverMessage } from '../errors/server-message.ts';
import type { CallOptions } from '../options.ts';
import type { TransportResponse } from '../platform.ts';
import type { Accumulator } from '../wire/accumulate.ts';
import { decodeUtf8, endsInCharacter, isCutJson, LineReader, lineTooLong, notJson } from '../wire/ndjson.ts';
import { routes } from '../wire/routes.ts';
import type { ClientContext } from './client-context.ts';
import { Exchange, type Outgoing } from './exchange.ts';
import { addNearestModels } from './nearest-models.ts';

/**
 * The lines of a streamed answer, in batches: those that came in one piece of the body, all that are good before one that
 * is not. Ends after the line that completes the answer, and throws if there is none: an answer that was cut off never
 * passes as a whole one. Leaving the iteration closes the connection; `left` says so while a line is still being waited
 * for. `prepare` is called with the first `next`. `accumulator` is asked, not fed: the reader of the lines does that.
 *
 * @throws OllamaError with what had arrived in `partial`.
 */
export async function* readAnswerLines<Line extends object>(
  client: ClientContext,
  prepare: () => Outgoing,
  accumulator: Accumulator<Line>,
  call: CallOptions,
  left: AbortSignal,
): AsyncGenerator<readonly Line[], void, undefined> {
  const outgoing = prepare();
  const exchange = new Exchange(client, outgoing, call);
  let complete = false;
  left.addEventListener('abort', () => complete || exchange.end(), { once: true });
  try {
    await exchange.open();
    const reader = new LineReader(client.maxLineBytes, exchange.facts);
    for (let bytes = await exchange.next(); ; bytes = await exchange.next()) {
      const batch: Line[] = [];
      let failure: { error: unknown } | undefined;
      try {
        for (const value of bytes === undefined ? reader.end() : reader.push(bytes)) {
          const line = checkLine<Line>(value, outgoing, exchange);
          batch.push(line);
          complete = accumulator.isLast(line);
          if (complete) break;
        }
      } catch (error) {
        failure = { error };
      }
      if (batch.length > 0) yield batch;
      if (failure) throw failure.error;
      if (complete) return;
      if (bytes === undefined) throw truncated(exchange);
    }
  } catch (error) {
    await addNearestModels(error, client, call, exchange.signal, listModels);
    throw withPartial(error, accumulator.answer());
  } finally {
    if (complete) await exchange.drain();
    exchange.end();
  }
}

/** The value of a whole answer: one JSON object; an empty one for the empty body of an route that says nothing. */
export async function readAnswer(client: ClientContext, outgoing: Outgoing, call: CallOptions): Promise<unknown> {
  const exchange = new Exchange(client, outgoing, call);
  try {
    const response = await exchange.open();
    const text = await readText(exchange, client.maxLineBytes);
    if (outgoing.route.answer === 'empty' && text.trim() === '') return {};
    return withList(checkLine<object>(parseWhole(text, response, exchange), outgoing, exchange), outgoing.route);
  } catch (error) {
    await addNearestModels(error, client, call, exchange.signal, listModels);
    throw error;
  } finally {
    exchange.end();
  }
}

const listModels = (client: ClientContext, call: CallOptions) => readAnswer(client, { route: routes.list }, call);

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

function checkLine<Line extends object>(value: unknown, { route }: Outgoing, exchange: Exchange): Line {
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
  const wrong = route.shape?.(value as Record<string, unknown>);
  if (wrong !== undefined) {
    throw new OllamaStreamError(
      `The answer does not have the shape of the API: ${wrong} (${where(facts)}).`,
      failureOf('bad_line', facts, 'body'),
    );
  }
  return value as Line;
}

function truncated({ facts }: Exchange): OllamaStreamError {
  const message = `The answer ended before it was complete (${where(facts)}).`;
  return new OllamaStreamError(message, failureOf('truncated', facts, 'body'));
}

/** Errors are made where only the failure is known; what had arrived is added here. */
function withPartial(error: unknown, partial: unknown): unknown {
  if (error instanceof OllamaError && partial !== undefined) Object.assign(error, { partial });
  return error;
}
