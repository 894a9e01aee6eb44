import { closestNames, OllamaError } from '@ollama-toolbelt/core/neutral';
import * as z from 'zod';
import { listedModels, type OllamaServers } from '../servers/ollama-servers.ts';
import { errorWords } from '../tools/error-words.ts';
import { plainValue } from '../tools/plain-text.ts';
import { Refusal } from '../tools/refusal.ts';
import { Unconfirmed } from './confirm.ts';
import { cut } from './cut-texts.ts';
import { confirmKey, errorKey, failureResult, type ToolResult } from './result.ts';
import { MAX_TOKENS } from './result-size.ts';

const MAX_NAMES = 5;
/** Shown at least of an answer that was interrupted. */
const MIN_CHARACTERS = 200;

/** The servers at which a call may have failed. */
export interface AskedServers {
  servers: OllamaServers;
  /** Name of the setting to change if an address is wrong. */
  addressSetting: string;
}

/**
 * The result for an error thrown by a tool: the only place where errors become results. An error that is neither from
 * Ollama nor a refusal is a bug of ours, and is rethrown.
 */
export async function errorResult(error: unknown, asked: AskedServers, signal: AbortSignal): Promise<ToolResult> {
  const text = await errorText(error, asked, signal);
  if (error instanceof Unconfirmed) {
    const { question, confirm } = plainValue({ question: error.question, confirm: error.confirm });
    return { ...failureResult(text), _meta: { [confirmKey]: { question, confirm } } };
  }
  if (!(error instanceof OllamaError)) return failureResult(text);
  const { code, retryable } = error;
  const _meta = { [errorKey]: { code, retryable } };
  const partial = partialText(error.partial);
  if (partial === '') return { ...failureResult(text), _meta };
  const rest = `Incomplete answer, ${partial.length} characters:\n${cut(partial, MAX_TOKENS - 1000, MIN_CHARACTERS)}`;
  return { ...failureResult(text, rest), _meta };
}

/** What failed, with what to do about it on a second line. */
export async function errorText(error: unknown, asked: AskedServers, signal: AbortSignal): Promise<string> {
  const { servers, addressSetting } = asked;
  if (error instanceof Refusal) return [error.message, error.hint].filter(Boolean).join('\n');
  if (!(error instanceof OllamaError)) throw error;
  const place = servers.placeOf(error);
  const { message, hint } = errorWords(error, place?.ollama.url ?? '', addressSetting);
  const advice = error.code === 'model_not_found' ? await modelAdvice(error, servers, signal, hint) : hint;
  return [place?.name === undefined ? message : `${place.name}: ${message}`, advice].filter(Boolean).join('\n');
}

/** For a model that is not installed, the installed ones. If they cannot be listed, the hint of the error. */
async function modelAdvice(
  { model: wanted, nearestModels }: OllamaError,
  servers: OllamaServers,
  signal: AbortSignal,
  hint: string | undefined,
): Promise<string | undefined> {
  const toGet = `To install this one: ollama pull ${wanted ?? '<model>'}`;
  // The core has already looked these up. With several servers, it has only asked one of them.
  if (nearestModels && !servers.areSeveral) return `Closest installed models: ${nearestModels.join(', ')}. ${toGet}`;
  try {
    const { models, silent } = await listedModels(servers, { signal, timeouts: { totalMs: 5000 } });
    const unknown = silent.length > 0 ? ` Could not be asked: ${silent.map(({ name }) => name).join(', ')}.` : '';
    if (models.length === 0) return `No models are installed.${unknown} ${toGet}`;
    // The wrong part may be the name of the server.
    const names = [...new Set(models.flatMap(({ name, shown }) => [name, shown]))];
    const near = closestNames(wanted ?? '', names, MAX_NAMES).flatMap((close) =>
      models.filter(({ name, shown }) => name === close || shown === close),
    );
    const shown = [...new Set((near.length > 0 ? near : models).map(({ shown }) => shown))].slice(0, MAX_NAMES);
    const which =
      near.length > 0 ? 'Closest installed models' : `Installed models (${shown.length} of ${models.length})`;
    return `${which}: ${shown.join(', ')}.${unknown} ${toGet}`;
  } catch (cause) {
    if (cause instanceof OllamaError) return hint;
    throw cause;
  }
}

const Partial = z.object({
  message: z.object({ content: z.string() }).optional(),
  response: z.string().optional(),
});

/** The part of the answer that arrived. Progress lines have no text. */
function partialText(partial: unknown): string {
  const { data } = Partial.safeParse(partial);
  return data?.message?.content ?? data?.response ?? '';
}
