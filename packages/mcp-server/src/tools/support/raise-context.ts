import { modelNumber, type Ollama, type OllamaError } from '@ollama-toolbelt/core/neutral';
import { Refusal } from '../refusal.ts';

/** Room for an answer without a length limit. */
const ANSWER_TOKENS = 2048;
/** The context grows in steps, so the next file does not reload the model for a few more tokens. */
const STEP = 1024;

export interface RaisedContext {
  numCtx: number;
  message: string;
}

/**
 * The context needed for a prompt that was rejected as too long.
 *
 * @throws Refusal if the model has no context that large; the error if the server does not say how long the prompt is.
 */
export async function raiseContext(
  error: OllamaError,
  { model, numPredict = -1 }: { model: string; numPredict: number | undefined },
  ollama: Ollama,
  signal: AbortSignal,
): Promise<RaisedContext> {
  const limit = modelNumber(await ollama.show({ model }, { signal }), 'context_length');
  const { tokens, contextLength } = error;
  if (limit === undefined || tokens === undefined || contextLength === undefined) throw error;
  if (tokens >= limit || contextLength >= limit) throw tooLong(model, tokens, limit);
  const wanted = tokens + (numPredict > 0 ? numPredict : ANSWER_TOKENS);
  const numCtx = Math.min(Math.ceil(wanted / STEP) * STEP, limit);
  return {
    numCtx,
    message: `The prompt has ${tokens} tokens and did not fit into the context of ${contextLength}: num_ctx was raised to ${numCtx} (${model} takes ${limit}).`,
  };
}

function tooLong(model: string, tokens: number, limit: number): Refusal {
  return new Refusal(
    `The prompt with its files has ${tokens} tokens; ${model} takes ${limit} at most.`,
    'Send fewer or smaller files, pick their best parts with ollama_rank, or use a model with a larger context.',
  );
}
