import { editDistance } from '../errors/closest-name.ts';
import type { ChatRequest, GenerateRequest } from '../schemas/interfaces.ts';
import { optionKind } from './option-kinds.ts';

const answering = {
  model: true,
  format: true,
  think: true,
  keep_alive: true,
  options: true,
  truncate: true,
  shift: true,
  logprobs: true,
  top_logprobs: true,
  stream: true,
} as const;

const chatFields: { [Name in keyof Required<ChatRequest>]: true } = { ...answering, messages: true, tools: true };

const generateFields: { [Name in keyof Required<GenerateRequest>]: true } = {
  ...answering,
  prompt: true,
  suffix: true,
  system: true,
  template: true,
  context: true,
  raw: true,
  images: true,
};

/** Names of the same fields in other APIs. */
const otherNames: Readonly<Record<string, string>> = {
  max_tokens: 'options.num_predict',
  max_completion_tokens: 'options.num_predict',
  max_output_tokens: 'options.num_predict',
  stop_sequences: 'options.stop',
  context_length: 'options.num_ctx',
  n_ctx: 'options.num_ctx',
  response_format: 'format',
  reasoning_effort: 'think',
  thinking: 'think',
  system_prompt: 'system',
};

/** How many fields are reported per request. */
const MAX_TOLD = 10;
const MAX_NAME = 40;

/**
 * Unknown fields that were most likely meant to be others: a model option outside `options`, a name from another API, a
 * typo. Any other unknown field may belong to a newer server.
 */
export function misplacedFields(request: object): { field: string; meant: string }[] {
  const known: object = 'messages' in request ? chatFields : generateFields;
  const found: { field: string; meant: string }[] = [];
  for (const [field, value] of Object.entries(request)) {
    if (value === undefined || value === null || field.length > MAX_NAME || Object.hasOwn(known, field)) continue;
    const meant = meantBy(field, known);
    if (meant !== undefined) found.push({ field, meant });
    if (found.length === MAX_TOLD) break;
  }
  return found;
}

function meantBy(field: string, known: object): string | undefined {
  const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_');
  if (Object.hasOwn(known, name)) return name;
  if (optionKind(name) !== undefined) return `options.${name}`;
  if (Object.hasOwn(otherNames, name)) return otherNames[name];
  return Object.keys(known).find((near) => near.length > 3 && editDistance(name, near) <= (near.length > 5 ? 2 : 1));
}
