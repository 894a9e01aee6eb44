import type { EmbedOptions, EmbedRequest, EmbedResponse, Ollama } from '@ollama-toolbelt/core/neutral';
import { modelOf } from '../../../shared/model-locator.ts';
import type { OperationRun } from '../../items/operation.ts';
import { optionsOf } from '../../items/run-options.ts';
import { requiredText } from '../../items/text-parameter.ts';

/** The texts of one item. */
interface EmbedInput {
  texts: string[];
  isOneItem: boolean;
  request: Omit<EmbedRequest, 'input'>;
  settings: Pick<EmbedOptions, 'timeouts' | 'batchSize'>;
}

export interface EmbeddedItem {
  texts: string[];
  /** Whether the item has a list of texts whose vectors all go into one item. */
  isOneItem: boolean;
  answer: EmbedResponse;
  /** Whether other items were embedded in the same call. */
  isShared: boolean;
}

/** Items embedded by one call, because they differ only in their texts. */
interface Group {
  /** Index of an item's first text. */
  starts: Map<number, number>;
  texts: string[];
  answer?: Promise<EmbedResponse>;
}

/** By client; each run of the node has its own. */
const groups = new WeakMap<Ollama, Map<string, Group>>();

/**
 * Embeds the texts of an item together with those of the others, so a hundred items take four requests. If that fails,
 * the item is sent alone: this shows which one is to blame, and the others still get their vectors.
 */
export async function embedItem(run: OperationRun): Promise<EmbeddedItem> {
  const { itemIndex, ollama, call, hints } = run;
  const wanted = embedInputOf(run, itemIndex);
  const { texts, isOneItem, request, settings } = wanted;
  const alone = async (input: string[]) => {
    const answer = await ollama.embed({ ...request, input }, { ...call, ...settings });
    hints.add(itemIndex, answer);
    return answer;
  };
  const all = groups.get(ollama) ?? groupInputs(run);
  groups.set(ollama, all);
  const group = all.get(keyOf(wanted));
  const start = group?.starts.get(itemIndex);
  if (group === undefined || start === undefined || group.starts.size === 1) {
    return { texts, isOneItem, answer: await alone(texts), isShared: false };
  }
  group.answer ??= alone(group.texts);
  const answer = await group.answer.catch(() => undefined);
  if (answer === undefined) return { texts, isOneItem, answer: await alone(texts), isShared: false };
  const embeddings = answer.embeddings.slice(start, start + texts.length);
  return { texts, isOneItem, answer: { ...answer, embeddings }, isShared: true };
}

function groupInputs(run: OperationRun): Map<string, Group> {
  const found = new Map<string, Group>();
  for (const itemIndex of run.context.getInputData().keys()) {
    let wanted: EmbedInput;
    try {
      wanted = embedInputOf(run, itemIndex);
    } catch {
      // An invalid item reports its error when it is its turn.
      continue;
    }
    const group: Group = found.get(keyOf(wanted)) ?? { starts: new Map(), texts: [] };
    found.set(keyOf(wanted), group);
    group.starts.set(itemIndex, group.texts.length);
    group.texts.push(...wanted.texts);
  }
  return found;
}

const keyOf = ({ request, settings }: EmbedInput) => JSON.stringify([request, settings]);

function embedInputOf(run: OperationRun, itemIndex: number): EmbedInput {
  const { context, hints } = run;
  const { body, timeouts, local } = optionsOf({ context, itemIndex, hints });
  const value: unknown = context.getNodeParameter('text', itemIndex, '');
  const textIn = (label: string, text: unknown) => requiredText({ context, itemIndex, hints }, 'text', label, text);
  return {
    texts: Array.isArray(value)
      ? value.map((text, index) => textIn(`Text (number ${index + 1} of the list)`, text))
      : [textIn('Text', value)],
    isOneItem: Array.isArray(value) && local['list_output'] === 'one',
    request: { model: modelOf(context, itemIndex), ...body },
    settings: { timeouts, batchSize: local['batchSize'] as number | undefined },
  };
}
