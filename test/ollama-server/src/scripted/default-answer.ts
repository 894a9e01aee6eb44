import { isThinking } from '../store/model-checks.ts';
import type { ChatBody, GenerateBody } from '../wire/bodies.ts';
import { isObject } from '../wire/json.ts';
import { countWords } from './bag-of-words.ts';
import type { ScriptedModel } from './scripted-models.ts';
import type { AnswerScript } from './scripts.ts';

/** The engine's fixed answer if a test has not set one. */
export function defaultAnswer(body: ChatBody | GenerateBody, model: ScriptedModel): AnswerScript {
  return {
    text:
      body.format === undefined || body.format === ''
        ? ['Hello', ' from', ' the', ' scripted', ' engine', '.']
        : [JSON.stringify(sampleOf(body.format))],
    ...(isThinking(body, model) && { thinking: ['A', ' short', ' thought', '.'] }),
    counts: { prompt: countWords(promptOf(body)) },
  };
}

/** All texts of the request. */
export function promptOf(body: ChatBody | GenerateBody): string {
  if ('messages' in body) return (body.messages ?? []).map(({ content }) => content ?? '').join(' ');
  return 'prompt' in body ? (body.prompt ?? '') : '';
}

/** The simplest value that matches a common kind of schema. */
function sampleOf(schema: unknown): unknown {
  if (!isObject(schema)) return {};
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const any = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(any)) return sampleOf(any[0]);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  switch (type) {
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 1) }, () =>
        sampleOf(schema['items'] ?? { type: 'string' }),
      );
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, sampleOf(value)]));
  }
}
