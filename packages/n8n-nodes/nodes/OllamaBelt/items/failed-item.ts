import { OllamaError, OllamaHttpError } from '@ollama-toolbelt/core/neutral';
import type { INode } from 'n8n-workflow';
import { defined } from '../../shared/json.ts';
import { toNodeError } from '../../shared/node-error.ts';
import { answerTextIn } from '../../shared/wording.ts';
import { LinkedItem } from './operation.ts';

/** The item of an input item that failed, for the error branch: fields that a Switch can tell kinds of errors by. */
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
    // What had come of an answer, such as one that is not in its format.
    raw: answerTextIn(partial) || undefined,
  });
  // By this, not by its fields, n8n sorts out the items for the error branch.
  return new LinkedItem(json, itemIndex, failure);
}
