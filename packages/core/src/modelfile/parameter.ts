import { closestNames } from '../errors/closest-name.ts';
import type { ModelOptions } from '../schemas/interfaces.ts';
import { optionKind, optionKinds } from '../wire/option-kinds.ts';
import { badModelfile } from './modelfile.ts';

/** Parameters of earlier versions: Ollama accepts and ignores them. */
const deprecated: readonly string[] = [
  'penalize_newline',
  'low_vram',
  'f16_kv',
  'logits_all',
  'vocab_only',
  'use_mlock',
  'mirostat',
  'mirostat_tau',
  'mirostat_eta',
];

export const isDeprecated = (parameter: string): boolean => deprecated.includes(parameter);

const booleans: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((word) => [word, false])),
};

/**
 * Adds one PARAMETER to the options. Texts of `stop` are collected; of any other parameter the last one wins.
 *
 * @throws OllamaError `bad_modelfile` for an invalid name or value.
 */
export function addParameter(options: ModelOptions, name: string, text: string, line?: number): void {
  if (optionKind(name) !== 'strings') Object.assign(options, { [name]: typedValue(name, text, line) });
  else if (options.stop === undefined) options.stop = [text];
  // The list was created here. Copying it for each text would take quadratic time.
  else (options.stop as string[]).push(text);
}

function typedValue(name: string, text: string, line: number | undefined): unknown {
  switch (optionKind(name)) {
    case 'integer':
      return integer(text) ?? fail(`invalid int value [${text}]`, name, line);
    case 'float':
      return float(text) ?? fail(`invalid float value [${text}]`, name, line);
    case 'boolean':
      return (
        (Object.hasOwn(booleans, text) ? booleans[text] : undefined) ?? fail(`invalid bool value [${text}]`, name, line)
      );
    default:
      return fail(`unknown parameter '${name}'`, name, line, meantOption(name));
  }
}

/** A whole number that JSON can carry exactly. */
function integer(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** A number in the range of the server's 32 bits. */
function float(text: string): number | undefined {
  const value = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}

function meantOption(name: string): string | undefined {
  const [near] = closestNames(name.slice(0, 50), Object.keys(optionKinds), 1);
  return near && `Did you mean ${near}?`;
}

function fail(message: string, option: string, line: number | undefined, hint?: string): never {
  throw badModelfile(message, line, hint, { option });
}
