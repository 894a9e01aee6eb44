import { asText, missingValue } from '../../shared/values.ts';
import type { OperationRun } from './operation.ts';

type TextRun = Pick<OperationRun, 'context' | 'itemIndex' | 'hints'>;

/** A text that the model is to read. A missing or empty one is an error: a model would answer it all the same. */
export function requiredText(run: TextRun, path: string, label: string, value: unknown): string {
  const text = givenText(run, path, label, value);
  if (text.trim() !== '') return text;
  throw missingValue(run.context.getNode(), path, label, value, run.itemIndex);
}

/** The same for a text that may be left empty, but not by an expression that gives nothing. */
export function givenText(run: TextRun, path: string, label: string, value: unknown): string {
  const { context, itemIndex, hints } = run;
  if (value === undefined || value === null) throw missingValue(context.getNode(), path, label, value, itemIndex);
  const text = asText(value);
  // An expression within a text puts objects into it that way, before the node sees it.
  if (text.includes('[object Object]')) {
    hints.note(itemIndex, {
      code: 'object_as_text',
      message: `${label} contains "[object Object]": an expression puts an object into a text. Add .toJsonString() to the object.`,
    });
  }
  return text;
}
