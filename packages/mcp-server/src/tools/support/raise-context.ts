import type { Ollama, OllamaError } from '@ollama-toolbelt/core';
import { Refusal } from '../refusal.ts';
import { infoNumber } from './model-details.ts';

/** Room for an answer whose length is not limited. */
const ANSWER_TOKENS = 2048;
/** Contexts come in steps, so that the next file does not load the model again for a few tokens more. */
const STEP = 1024;

export interface RaisedContext {
  numCtx: number;
  message: string;
}

/**
 * A context in which a prompt fits that was refused as too long.
 *
 * @throws Refusal where the model takes no context that large, or the error where the server does not say enough.
 */
export async function raiseContext(
  error: OllamaError,
  { model, numPredict = -1 }: { model: string; numPredict: number | undefined },
  ollama: Ollama,
  signal: AbortSignal,
): Promise<RaisedContext> {
  const { details, model_info } = await ollama.show({ model }, { signal });
  const limit = infoNumber(model_info, 'context_length') ?? details?.context_length;
  const sizes = sizesIn(error.message);
  if (limit === undefined || sizes === undefined) throw error;
  if (sizes.prompt >= limit || sizes.context >= limit) throw tooLong(model, sizes.prompt, limit);
  const wanted = sizes.prompt + (numPredict > 0 ? numPredict : ANSWER_TOKENS);
  const numCtx = Math.min(Math.ceil(wanted / STEP) * STEP, limit);
  return {
    numCtx,
    message: `The prompt has ${sizes.prompt} tokens and did not fit the context of ${sizes.context}: num_ctx was raised to ${numCtx} (${model} takes ${limit}).`,
  };
}

function tooLong(model: string, prompt: number, limit: number): Refusal {
  return new Refusal(
    `The prompt with its files has ${prompt} tokens; ${model} takes ${limit} at most.`,
    'Send fewer or smaller files, pick their best parts with ollama_rank, or take a model with a larger context.',
  );
}

/** The counts in "request (10008 tokens) exceeds the available context size (512 tokens)". */
function sizesIn(message: string): { prompt: number; context: number } | undefined {
  const found = /\((\d+) tokens\).*\((\d+) tokens\)/.exec(message);
  return found ? { prompt: Number(found[1]), context: Number(found[2]) } : undefined;
}
