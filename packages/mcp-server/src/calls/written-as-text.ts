import { JsonSize } from '../tools/json-size.ts';

/** Reads values that hosts and models write as text. */

/** An object. It may be JSON text, JSON encoded twice, or the only item of a list. */
export function objectIn(value: unknown): unknown {
  const inner = typeof value === 'string' ? twiceJsonIn(value) : value;
  const [item, ...others] = Array.isArray(inner) ? inner : [inner];
  return isObject(item) && others.length === 0 ? item : value;
}

/** The value of JSON text, which may be encoded twice. */
export function twiceJsonIn(text: string): unknown {
  const json = jsonIn(text);
  return typeof json === 'string' ? jsonIn(json) : json;
}

/** One of the choices, in upper or lower case, or as JSON. */
export function choiceIn(text: string, choices: readonly unknown[]): unknown {
  const word = text.replace(/^[\s"]+|[\s"]+$/g, '').toLowerCase();
  return choices.find((choice) => typeof choice === 'string' && choice.toLowerCase() === word) ?? text;
}

/** Only parses text that starts like one of these kinds of JSON: it may be long. */
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
