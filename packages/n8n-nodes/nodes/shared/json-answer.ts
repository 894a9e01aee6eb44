import type { Format } from '@ollama-toolbelt/core/neutral';
import { schemaFault } from './schema-fault.ts';

/** The value of an answer, or its mistake. */
export type JsonAnswer = { value: unknown; isTakenOut: boolean } | { fault: string; reason: 'not_json' | 'not_schema' };

/**
 * Finds the JSON of an answer: strictly first, then in a fenced block, then as the first complete value within a text
 * that matches the format. Ollama Cloud and some models write text around it.
 */
export function readJson(text: string, format: Format): JsonAnswer {
  const whole = text.replace(/^\ufeff/, '').trim();
  let first: JsonAnswer | undefined;
  for (const candidate of candidatesIn(whole)) {
    const value = parsed(candidate);
    // A value within a text counts only if it is an object or a list.
    if (value === undefined || (candidate !== whole && (typeof value !== 'object' || value === null))) continue;
    const fault = format === 'json' ? undefined : schemaFault(value, format);
    if (fault === undefined) return { value, isTakenOut: candidate !== whole };
    first ??= { fault, reason: 'not_schema' };
  }
  return first ?? { fault: 'it is not valid JSON', reason: 'not_json' };
}

const FENCED = /```[\w-]*\s*\n?(.*?)```/gs;

function* candidatesIn(text: string): Generator<string> {
  yield text;
  for (const [, block = ''] of text.matchAll(FENCED)) yield block;
  yield* valuesIn(text);
}

/**
 * Searching for ends may take at most this many times the length of the text; a text full of brackets would take
 * forever.
 */
const MAX_PASSES = 32;

/** Objects and lists within a text, from left to right. */
function* valuesIn(text: string): Generator<string> {
  let budget = text.length * MAX_PASSES;
  for (let start = 0; start < text.length && budget > 0; start++) {
    if (text[start] !== '{' && text[start] !== '[') continue;
    const end = endOfValue(text, start);
    budget -= (end ?? text.length) - start;
    if (end === undefined) continue;
    const value = text.slice(start, end);
    if (parsed(value) === undefined) continue;
    yield value;
    start = end - 1;
  }
}

/** The end of the brackets that open at `start`. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  let isInText = false;
  for (let index = start; index < text.length; index++) {
    const sign = text[index];
    if (isInText) {
      if (sign === '\\') index++;
      else if (sign === '"') isInText = false;
    } else if (sign === '"') isInText = true;
    else if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') {
      depth--;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

/** JSON has no undefined values. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
