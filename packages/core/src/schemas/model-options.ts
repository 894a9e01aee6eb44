import * as z from 'zod';
import type * as api from './interfaces.ts';

const integer = (description: string) => z.number().int().optional().describe(description);
const number = (description: string) => z.number().optional().describe(description);

/**
 * Settings of a model and its sampling, Ollama's `options`. What is left out takes the value of the model's own
 * parameters, then Ollama's default. The server ignores a name it does not know.
 */
export const ModelOptions = z.object({
  temperature: number('Randomness: 0 gives the most likely answer, higher values are more varied (default 0.8)'),
  top_k: integer('Sample from the K most likely tokens (default 40)'),
  top_p: number('Sample from the most likely tokens whose probabilities add up to this (default 0.9)'),
  min_p: number('Leave out tokens with less than this fraction of the highest probability (default 0)'),
  typical_p: number('Locally typical sampling; 1 is off (default 1)'),
  seed: integer('Random seed, for reproducible answers (default: random)'),
  num_predict: integer('Maximum number of tokens in the answer (default -1: no limit)'),
  num_ctx: integer('Context window in tokens; a change reloads the model'),
  num_keep: integer('Tokens at the start of the prompt that are kept when the context is full (default 4)'),
  num_batch: integer('Prompt tokens evaluated at once (default 512); a change reloads the model'),
  num_gpu: integer('Layers on the GPU; -1 lets the server choose; a change reloads the model'),
  main_gpu: integer('Index of the GPU for small tensors; a change reloads the model'),
  num_thread: integer('CPU threads; 0 lets the server choose; a change reloads the model'),
  use_mmap: z.boolean().optional().describe('Map the model file into memory; a change reloads the model'),
  draft_num_predict: integer('Tokens that a draft model predicts ahead (default 4; 0 without one)'),
  repeat_penalty: number('Penalty for repeated tokens; 1 is off (default 1; 1.1 before Ollama 0.32.10)'),
  repeat_last_n: integer('How many tokens to look back for repeats; -1 is the whole context (default 64)'),
  presence_penalty: number('Penalty for tokens that have already occurred (default 0)'),
  frequency_penalty: number('Penalty for tokens by how often they have occurred (default 0)'),
  stop: z.array(z.string()).optional().describe('Stop sequences: the answer ends before the first of them'),
});
export type ModelOptions = api.ModelOptions;
