import type { JsonObject } from '../wire/json.ts';
import { WireError } from '../wire/wire-error.ts';
import type { SamplingOptions } from './runner.ts';

const integers = [
  'num_keep',
  'seed',
  'num_predict',
  'top_k',
  'repeat_last_n',
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'num_thread',
  'draft_num_predict',
] as const;
const floats = [
  'top_p',
  'min_p',
  'typical_p',
  'temperature',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
] as const;

export interface RunOptions extends SamplingOptions {
  num_keep?: number;
  /** Tokens of the context window; the server's default if missing. */
  num_ctx?: number;
}

const wrong = (name: string, type: string) => new WireError(500, `option "${name}" must be ${type}`);
const isAmong = (list: readonly string[], name: string) => list.includes(name);

/** Merges options by precedence, and checks them as the server does. Unknown names are ignored. */
export function readOptions(...layers: readonly (JsonObject | undefined)[]): RunOptions {
  const options: JsonObject = {};
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer ?? {}))) {
    if (value === null) continue;
    if (isAmong(integers, name)) {
      if (typeof value !== 'number') throw wrong(name, 'of type integer');
      options[name] = Math.trunc(value);
    } else if (isAmong(floats, name)) {
      if (typeof value !== 'number') throw wrong(name, 'of type float32');
      options[name] = value;
    } else if (name === 'use_mmap') {
      if (typeof value !== 'boolean') throw wrong(name, 'of type boolean');
    } else if (name === 'stop') {
      if (!Array.isArray(value)) throw wrong(name, 'of type array');
      if (!value.every((item) => typeof item === 'string')) throw wrong(name, 'of an array of strings');
      options[name] = value;
    }
  }
  return options as RunOptions;
}
