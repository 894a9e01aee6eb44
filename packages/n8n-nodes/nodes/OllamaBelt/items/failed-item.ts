import { OllamaError, OllamaHttpError } from '@ollama-toolbelt/core/neutral';
import type { INode } from 'n8n-workflow';
import { defined } from '../../shared/json.ts';
import { toNodeError } from '../../shared/node-error.ts';
import { answerTextIn } from '../../shared/wording.ts';
import { LinkedItem } from './operation.ts';

/**
 * The item of an input item that failed, for the error branch. A Switch can distinguish kinds of errors by its fields.
 */
export function failedItem(node: INode, error: unknown, itemIndex: number): LinkedItem {
  const failure = toNodeError(node, error, itemIndex);
  const { code, model, partial } = error instanceof OllamaError ? error : ({} as Partial<OllamaError>);
  const json = defined({
    error: failure.message,
    code: code ?? 'node_error',
    status: error instanceof OllamaHttpError ? error.status : undefined,
    hint: failure.description ?? undefined,
    model,
    itemIndex,
    // What had arrived of an answer, such as one that does not match its format.
    raw: answerTextIn(partial) || undefined,
  });
  // n8n selects the items for the error branch by this, not by their fields.
  return new LinkedItem(json, itemIndex, failure);
}
