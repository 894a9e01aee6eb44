import type { ModelOptions } from '@ollama-toolbelt/core';
import type { INodeProperties } from 'n8n-workflow';

export type OptionUser = 'chat' | 'generate' | 'embed';

/** One entry of the Options collection. */
export interface Option {
  /** Where its value goes: the model's `options`, the request beside them, or the deadlines of the call. */
  place: 'options' | 'body' | 'timeouts';
  users: readonly OptionUser[];
  property: Omit<INodeProperties, 'name'>;
}

const text: readonly OptionUser[] = ['chat', 'generate'];
const all: readonly OptionUser[] = ['chat', 'generate', 'embed'];

type Words = [displayName: string, initial: number, description: string];

const number = (...[displayName, initial, description]: Words): Option['property'] => ({
  displayName,
  type: 'number',
  typeOptions: { numberPrecision: 3 },
  default: initial,
  description,
});

const integer = (...words: Words): Option['property'] => ({ ...number(...words), typeOptions: { numberPrecision: 0 } });

const boolean = (displayName: string, initial: boolean, description: string): Option['property'] => ({
  displayName,
  type: 'boolean',
  default: initial,
  description,
});

const string = (displayName: string, initial: string, description: string): Option['property'] => ({
  displayName,
  type: 'string',
  default: initial,
  description,
});

/** Of a model's `options`: for the text of an answer, or for how a model is loaded. */
const sampling = (property: Option['property']): Option => ({ place: 'options', users: text, property });
const loading = (property: Option['property']): Option => ({ place: 'options', users: all, property });

/** Every one that Ollama knows, so that a new one in the core is missed here by the compiler. */
const modelOptions: Record<keyof ModelOptions, Option> = {
  temperature: sampling(number('Temperature', 0.8, 'Randomness: 0 gives the likeliest answer, higher is more varied')),
  top_k: sampling(integer('Top K', 40, 'Sample from this many likeliest tokens')),
  top_p: sampling(number('Top P', 0.9, 'Sample from the likeliest tokens that together make up this probability')),
  min_p: sampling(number('Min P', 0, 'Leave out tokens less likely than this share of the likeliest one')),
  typical_p: sampling(number('Typical P', 1, 'Locally typical sampling; 1 is off')),
  seed: sampling(integer('Seed', 0, 'With the same seed, the same request gives the same answer')),
  num_predict: sampling(integer('Max Tokens', -1, 'Most tokens to answer with (num_predict); -1 means no limit')),
  num_ctx: loading(integer('Context Length', 4096, 'Context window in tokens (num_ctx); a change reloads the model')),
  num_keep: sampling(
    integer('Tokens to Keep', 4, 'How much of the prompt is kept when the context is full (num_keep)'),
  ),
  num_batch: loading(integer('Batch Size', 512, 'Prompt tokens evaluated at once; a change reloads the model')),
  num_gpu: loading(
    integer('GPU Layers', -1, 'Layers on the GPU; -1 lets the server choose; a change reloads the model'),
  ),
  main_gpu: loading(integer('Main GPU', 0, 'Index of the GPU for small tensors; a change reloads the model')),
  num_thread: loading(integer('CPU Threads', 0, '0 lets the server choose; a change reloads the model')),
  use_mmap: loading(boolean('Use Memory Mapping', true, 'Whether to map the model file into memory')),
  draft_num_predict: sampling(integer('Draft Tokens', 4, 'Tokens a draft model guesses ahead')),
  repeat_penalty: sampling(number('Repeat Penalty', 1, 'Penalty on repeated tokens; 1 is off')),
  repeat_last_n: sampling(
    integer('Repeat Window', 64, 'How many tokens back repeats are looked for; -1 is the whole context'),
  ),
  presence_penalty: sampling(number('Presence Penalty', 0, 'Penalty on tokens that have occurred')),
  frequency_penalty: sampling(number('Frequency Penalty', 0, 'Penalty on tokens by how often they have occurred')),
  stop: sampling({
    ...string('Stop Sequences', '', 'Texts that end the answer'),
    typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stop Sequence' },
    default: [],
  }),
};

const body = (users: readonly OptionUser[], property: Option['property']): Option => ({
  place: 'body',
  users,
  property,
});

/** Fields of the request itself. Inside `options`, Ollama would ignore them. */
const requestOptions: Record<string, Option> = {
  keep_alive: body(
    all,
    string('Keep Alive', '5m', 'How long the model stays loaded: 10m, 24h, seconds, -1 for ever, 0 to unload at once'),
  ),
  think: body(text, {
    displayName: 'Thinking',
    type: 'options',
    options: [
      { name: 'High', value: 'high' },
      { name: 'Low', value: 'low' },
      { name: 'Max', value: 'max' },
      { name: 'Medium', value: 'medium' },
      { name: 'Off', value: false },
      { name: 'On', value: true },
    ],
    default: false,
    description: 'Whether, or how hard, a thinking model thinks before it answers. Not every model knows the levels.',
  }),
  system: body(['generate'], {
    ...string('System Prompt', '', 'In place of the one of the model'),
    typeOptions: { rows: 2 },
  }),
  suffix: body(['generate'], string('Suffix', '', 'Text that follows the gap to fill, for models that can insert')),
  template: body(['generate'], string('Template', '', 'Prompt template, in place of the one of the model')),
  raw: body(['generate'], boolean('Raw', true, 'Whether to send the prompt as it is, without the template')),
  dimensions: body(['embed'], integer('Dimensions', 256, 'Cut the vectors to this length')),
  truncate: body(
    all,
    boolean('Truncate', false, 'Whether to cut what does not fit the context, rather than to refuse it'),
  ),
  shift: body(
    text,
    boolean('Shift Context', false, 'Whether to drop the oldest tokens when the context fills up while answering'),
  ),
  logprobs: body(text, boolean('Log Probabilities', true, 'Whether to report the log probability of each token')),
  top_logprobs: body(text, integer('Top Log Probabilities', 5, 'How many likeliest tokens to report at each place')),
};

const seconds = (...words: Words): Option => ({
  place: 'timeouts',
  users: all,
  property: { ...number(...words), typeOptions: { minValue: 0, numberPrecision: 3 } },
});

const timeoutOptions = {
  firstByteMs: seconds(
    'First Response Timeout',
    300,
    'Longest wait for the first piece of the answer, in seconds; 0 means no limit. A model that has to load is silent until then.',
  ),
  idleMs: seconds('Idle Timeout', 600, 'Longest silence within the answer, in seconds; 0 means no limit'),
};

/** What the deadlines are called for people, by the core's names. */
export const timeoutNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(timeoutOptions).map(([name, { property }]) => [name, property.displayName]),
);

/** Every entry of the Options collections, by the name it has in the core. */
export const options: Readonly<Record<string, Option>> = { ...modelOptions, ...requestOptions, ...timeoutOptions };
