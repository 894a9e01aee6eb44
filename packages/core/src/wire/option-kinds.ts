import type { ModelOptions } from '../schemas/interfaces.ts';

/** How to read a value that is text: in a Modelfile, as in `PARAMETER top_k 40`, all values are text. */
export type OptionKind = 'integer' | 'float' | 'boolean' | 'strings';

type KindOf<Value> = Value extends number ? 'integer' | 'float' : Value extends boolean ? 'boolean' : 'strings';

/** The kind of every option. The schema is not available at run time, since the client contains no validator. */
export const optionKinds = {
  temperature: 'float',
  top_k: 'integer',
  top_p: 'float',
  min_p: 'float',
  typical_p: 'float',
  seed: 'integer',
  num_predict: 'integer',
  num_ctx: 'integer',
  num_keep: 'integer',
  num_batch: 'integer',
  num_gpu: 'integer',
  main_gpu: 'integer',
  num_thread: 'integer',
  use_mmap: 'boolean',
  draft_num_predict: 'integer',
  repeat_penalty: 'float',
  repeat_last_n: 'integer',
  presence_penalty: 'float',
  frequency_penalty: 'float',
  stop: 'strings',
} as const satisfies { [Name in keyof ModelOptions]-?: KindOf<NonNullable<ModelOptions[Name]>> };

/** The kind of an option, or undefined for an unknown name. */
export function optionKind(name: string): OptionKind | undefined {
  return Object.hasOwn(optionKinds, name) ? optionKinds[name as keyof typeof optionKinds] : undefined;
}
