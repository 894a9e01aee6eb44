import { plainLine } from '../tools/plain-text.ts';
import type { PromptField, Prompts } from './prompts.ts';
import { modelTemplate, type Resources } from './resources.ts';

const MAX_VALUES = 100;

/** Where a client is typing: in a parameter of a resource template, or in an argument of a prompt. */
export type CompletionReference = { uriTemplate: string } | PromptField;

export interface Completion {
  values: string[];
  total: number;
  hasMore: boolean;
}

/** The values that match the text typed so far; none if Ollama cannot be reached. */
export async function complete(
  { resources, prompts }: { resources: Resources; prompts: Prompts },
  reference: CompletionReference,
  typed: string,
  signal: AbortSignal,
): Promise<Completion> {
  const candidates = async () => {
    if ('uriTemplate' in reference) return resources.complete(reference.uriTemplate, signal);
    return prompts.isModel(reference) ? resources.complete(modelTemplate, signal) : [];
  };
  const values = await candidates().catch(() => []);
  // A name with control characters cannot be shown unchanged, so leave it out.
  return matching(
    typed,
    values.filter((value) => plainLine(value) === value),
  );
}

/** First the candidates that start with the text, then those that contain it. */
function matching(typed: string, candidates: readonly string[]): Completion {
  const wanted = typed.toLowerCase();
  const begins = candidates.filter((name) => name.toLowerCase().startsWith(wanted));
  const contains = candidates.filter((name) => !begins.includes(name) && name.toLowerCase().includes(wanted));
  const all = [...begins, ...contains];
  return { values: all.slice(0, MAX_VALUES), total: all.length, hasMore: all.length > MAX_VALUES };
}
