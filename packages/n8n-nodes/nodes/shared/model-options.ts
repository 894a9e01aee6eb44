import type { ModelOptions } from '@ollama-toolbelt/core/neutral';
import { boolean, integer, number, type Option, string } from './option-builders.ts';

/** One of a model's `options`: for the text of an answer, or for how a model is loaded. */
const sampling = (property: Option['property']): Option => ({
  place: 'options',
  users: ['chat', 'generate', 'create', 'agent'],
  property,
});
const loading = (property: Option['property']): Option => ({
  place: 'options',
  users: ['chat', 'generate', 'embed', 'load', 'create', 'agent', 'vectors'],
  property,
});

/** Every option that Ollama knows, so the compiler reports a new one in the core that is missing here. */
export const modelOptions: Record<keyof ModelOptions, Option> = {
  temperature: sampling(
    number('Temperature', 0.8, 'Randomness: 0 gives the most likely answer, higher values are more varied'),
  ),
  top_k: sampling(integer('Top K', 40, 'Sample from this many of the most likely tokens')),
  top_p: sampling(number('Top P', 0.9, 'Sample from the most likely tokens whose probabilities add up to this')),
  min_p: sampling(number('Min P', 0, 'Omit tokens with less than this fraction of the highest probability')),
  typical_p: sampling(number('Typical P', 1, 'Locally typical sampling; 1 is off')),
  seed: sampling(integer('Seed', 0, 'With the same seed, the same request gives the same answer')),
  num_predict: sampling(integer('Max Tokens', -1, 'Maximum tokens to generate (num_predict); -1 means no limit')),
  num_ctx: loading(integer('Context Length', 4096, 'Context window in tokens (num_ctx); a change reloads the model')),
  num_keep: sampling(
    integer('Tokens to Keep', 4, 'How many tokens of the prompt are kept when the context is full (num_keep)'),
  ),
  num_batch: loading(
    integer('Context Batch Size', 512, 'Prompt tokens evaluated at once (num_batch); a change reloads the model'),
  ),
  num_gpu: loading(
    integer('GPU Layers', -1, 'Layers on the GPU; -1 lets the server choose; a change reloads the model'),
  ),
  main_gpu: loading(integer('Main GPU', 0, 'Index of the GPU for small tensors; a change reloads the model')),
  num_thread: loading(integer('CPU Threads', 0, '0 lets the server choose; a change reloads the model')),
  use_mmap: loading(boolean('Use Memory Mapping', true, 'Whether to map the model file into memory')),
  draft_num_predict: sampling(integer('Draft Tokens', 4, 'Tokens that a draft model predicts ahead')),
  repeat_penalty: sampling(number('Repeat Penalty', 1, 'Penalty for repeated tokens; 1 is off')),
  repeat_last_n: sampling(
    integer('Repeat Window', 64, 'How many tokens to look back for repeats; -1 is the whole context'),
  ),
  presence_penalty: sampling(number('Presence Penalty', 0, 'Penalty for tokens that have already occurred')),
  frequency_penalty: sampling(number('Frequency Penalty', 0, 'Penalty for tokens by how often they have occurred')),
  stop: sampling({
    ...string('Stop Sequences', '', 'The answer ends before the first of these texts'),
    typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stop Sequence' },
  }),
};
