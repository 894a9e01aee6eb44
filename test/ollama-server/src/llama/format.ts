import { isObject } from '../wire/json.ts';
import type { OllamaVersion } from '../wire/version.ts';
import { WireError } from '../wire/wire-error.ts';
import { type GrammarError, jsonGrammar } from './json-grammar.ts';
import { runErrors } from './run-errors.ts';
import type { CompletionRequest } from './runner.ts';

/** The `format` of the request. Anything but `"json"` or a schema is an error with the server's message. */
export function readFormat(format: unknown): CompletionRequest['format'] {
  if (format === undefined || format === '') return undefined;
  if (format === 'json' || isObject(format)) return format;
  const text = JSON.stringify(JSON.stringify(format));
  throw new WireError(500, `invalid format: ${text}; expected "json" or a valid JSON Schema object`);
}

/** For an engine without grammars: throws for the formats that an engine with grammars would reject. */
export function checkFormat(given: unknown, version: OllamaVersion): void {
  const format = readFormat(given);
  try {
    if (format !== undefined) jsonGrammar(format);
  } catch (error) {
    throw formatError(error as GrammarError, version);
  }
}

export function formatError({ isTooBig, message }: GrammarError, version: OllamaVersion): WireError {
  return isTooBig ? runErrors[version].grammarTooBig() : runErrors[version].badSchema(message);
}
