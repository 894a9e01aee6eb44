import type { ChatBody, GenerateBody } from '../wire/bodies.ts';
import { WireError } from '../wire/wire-error.ts';
import { fullName, type ModelName, parseModelName } from './model-name.ts';

/** The facts about a model that the checks need. */
export interface Capable {
  capabilities: readonly string[];
}

const can = (model: Capable, capability: string) => model.capabilities.includes(capability);

/** Each route has its own message for a missing model. */
export const notFound = {
  plain: (name: string) => new WireError(404, `model '${name}' not found`),
  embed: (name: string) => new WireError(404, `model "${name}" not found, try pulling it first`),
  copy: (name: string) => new WireError(404, `model "${name}" not found`),
} as const;

/** Chat and the older embeddings have this message for an invalid name, too. */
export function requireModel(text: string): void {
  if (parseModelName(text) === undefined) throw new WireError(400, 'model is required');
}

export function requireName(text: string): ModelName {
  const name = parseModelName(text);
  if (name === undefined) throw new WireError(400, 'invalid model name');
  return name;
}

/** Whether a request without a prompt or messages unloads the model; any installed model will do. */
export const asksToUnload = (body: ChatBody | GenerateBody): boolean => body.keep_alive === 0 && isEmpty(body);

/** Nothing to answer: the model is only loaded. Images alone do not count. */
export const isEmpty = (body: ChatBody | GenerateBody): boolean =>
  'messages' in body ? body.messages?.length === 0 : !('prompt' in body && body.prompt);

export function checkGenerate(body: GenerateBody, model: Capable): void {
  if (body.raw && (body.template || body.system || (body.context?.length ?? 0) > 0)) {
    throw new WireError(400, 'raw mode does not support template, system, or context');
  }
  checkThinking(body, model);
  if (!can(model, 'completion')) throw new WireError(400, `"${body.model}" does not support generate`);
  if (body.suffix && !can(model, 'insert')) {
    throw new WireError(400, `${fullName(requireName(body.model))} does not support insert`);
  }
}

export function checkChat(body: ChatBody, model: Capable): void {
  checkThinking(body, model);
  if (!can(model, 'completion')) throw new WireError(400, `"${body.model}" does not support chat`);
  if ((body.tools?.length ?? 0) > 0 && !can(model, 'tools')) {
    throw new WireError(400, `${fullName(requireName(body.model))} does not support tools`);
  }
}

/** Checked before the model is looked up. */
export function checkLogprobs(body: { top_logprobs?: number }): void {
  const wanted = body.top_logprobs ?? 0;
  if (wanted < 0 || wanted > 20) throw new WireError(400, 'top_logprobs must be between 0 and 20');
}

function checkThinking(body: { model: string; think?: boolean | string }, model: Capable): void {
  if (body.think && !can(model, 'thinking')) throw new WireError(400, `"${body.model}" does not support thinking`);
}

/** If it is not set, thinking is on if the model can think. */
export const isThinking = (body: { think?: boolean | string }, model: Capable): boolean =>
  can(model, 'thinking') && body.think !== false;

export function inputsOf(input: unknown): string[] {
  if (input === undefined || input === '') return [];
  if (typeof input === 'string') return [input];
  if (Array.isArray(input) && input.every((item) => typeof item === 'string')) return input;
  throw new WireError(400, 'invalid input type');
}
