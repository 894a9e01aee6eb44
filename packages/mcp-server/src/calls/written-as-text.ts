import { JsonSize } from '../tools/json-size.ts';

/** What hosts and models write as text, read as what it stands for. */

/** An object, also one written as text, once or twice, or as the only item of a list. */
export function objectIn(value: unknown): unknown {
  const inner = typeof value === 'string' ? twiceJsonIn(value) : value;
  const [item, ...others] = Array.isArray(inner) ? inner : [inner];
  return isObject(item) && others.length === 0 ? item : value;
}

/** What is written as JSON, or as JSON of JSON. */
export function twiceJsonIn(text: string): unknown {
  const json = jsonIn(text);
  return typeof json === 'string' ? jsonIn(json) : json;
}

/** One of a few words, in any case and also as JSON. */
export function choiceIn(text: string, choices: readonly unknown[]): unknown {
  const word = text.replace(/^[\s"]+|[\s"]+$/g, '').toLowerCase();
  return choices.find((choice) => typeof choice === 'string' && choice.toLowerCase() === word) ?? text;
}

/** Text that cannot be JSON of these kinds is not tried: it may be long. */
function jsonIn(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  const size = new JsonSize();
  size.addText(text);
  if (size.problem !== undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NUMBER = /^\s*"?([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)"?\s*$/i;
const MAX_NUMBER_LENGTH = 40;

export function numberIn(text: string): number | undefined {
  const [, digits] = (text.length <= MAX_NUMBER_LENGTH && NUMBER.exec(text)) || [];
  return digits === undefined ? undefined : Number(digits);
}

export function switchIn(text: string): boolean | undefined {
  const [, yes, no] =
    (text.length <= MAX_NUMBER_LENGTH && /^\s*"?(?:(true|yes|on|1)|(false|no|off|0))"?\s*$/i.exec(text)) || [];
  return yes === undefined && no === undefined ? undefined : yes !== undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
