import { closestNames, type Ollama, OllamaError } from '@ollama-toolbelt/core/neutral';
import * as z from 'zod';
import { errorWords } from '../tools/error-words.ts';
import { Refusal } from '../tools/refusal.ts';
import { cut } from './cut-texts.ts';
import { errorKey, failureResult, type ToolResult } from './result.ts';
import { MAX_TOKENS } from './result-size.ts';

const MAX_NAMES = 5;
/** Of an answer that broke off. */
const MIN_CHARACTERS = 200;

/** The server that a call failed at. */
export interface AskedServer {
  ollama: Ollama;
  /** What to change if its address is wrong, for people. */
  addressSetting: string;
}

/**
 * The result for what a tool threw: the only place where errors become results. An error that is neither Ollama's nor a
 * refusal is a bug of ours, and is thrown again.
 */
export async function errorResult(error: unknown, asked: AskedServer, signal: AbortSignal): Promise<ToolResult> {
  const text = await errorText(error, asked, signal);
  if (!(error instanceof OllamaError)) return failureResult(text);
  const { code, retryable } = error;
  const _meta = { [errorKey]: { code, retryable } };
  const partial = partialText(error.partial);
  if (partial === '') return { ...failureResult(text), _meta };
  const rest = `Incomplete answer, ${partial.length} characters:\n${cut(partial, MAX_TOKENS - 1000, MIN_CHARACTERS)}`;
  return { ...failureResult(text, rest), _meta };
}

/** What failed, and what to do about it in a second line. */
export async function errorText(error: unknown, asked: AskedServer, signal: AbortSignal): Promise<string> {
  const { ollama, addressSetting } = asked;
  if (error instanceof Refusal) return [error.message, error.hint].filter(Boolean).join('\n');
  if (!(error instanceof OllamaError)) throw error;
  const { message, hint } = errorWords(error, ollama.url, addressSetting);
  const advice = error.code === 'model_not_found' ? await modelAdvice(error.model, ollama, signal, hint) : hint;
  return [message, advice].filter(Boolean).join('\n');
}

/** For a model that is not installed: those that are. If they cannot be listed, the hint of the error. */
async function modelAdvice(
  wanted: string | undefined,
  ollama: Ollama,
  signal: AbortSignal,
  hint: string | undefined,
): Promise<string | undefined> {
  try {
    const names = (await ollama.list({ signal, timeouts: { totalMs: 5000 } })).models.map(({ name }) => name);
    if (names.length === 0) return `No model is installed. To get this one: ollama pull ${wanted ?? '<model>'}`;
    const near = closestNames(wanted ?? '', names, MAX_NAMES);
    const shown = near.length > 0 ? near : names.slice(0, MAX_NAMES);
    const label =
      near.length > 0 ? 'Closest installed models' : `Installed models (${shown.length} of ${names.length})`;
    return `${label}: ${shown.join(', ')}. To get this one: ollama pull ${wanted ?? '<model>'}`;
  } catch (cause) {
    if (cause instanceof OllamaError) return hint;
    throw cause;
  }
}

const Partial = z.object({
  message: z.object({ content: z.string() }).optional(),
  response: z.string().optional(),
});

/** What had arrived of an answer; progress lines have no text. */
function partialText(partial: unknown): string {
  const { data } = Partial.safeParse(partial);
  return data?.message?.content ?? data?.response ?? '';
}
