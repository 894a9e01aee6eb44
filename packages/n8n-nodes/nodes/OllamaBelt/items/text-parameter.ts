import { type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { asText, missingValue, shown } from '../../shared/values.ts';
import type { OperationRun } from './operation.ts';

type TextRun = Pick<OperationRun, 'context' | 'itemIndex' | 'hints'>;

/** A text for the model to read. A missing or empty one is an error: a model would answer it anyway. */
export function requiredText(run: TextRun, path: string, label: string, value: unknown): string {
  const text = givenText(run, path, label, value);
  if (text.trim() !== '') return text;
  throw missingValue(run.context.getNode(), path, label, value, run.itemIndex);
}

/** The same for a text that may be empty, unless an expression without a result left it empty. */
export function givenText(run: TextRun, path: string, label: string, value: unknown): string {
  const { context, itemIndex, hints } = run;
  if (value === undefined || value === null) throw missingValue(context.getNode(), path, label, value, itemIndex);
  const text = asText(value);
  // An expression within a text inserts objects that way, before the node sees it.
  if (text.includes('[object Object]')) {
    hints.note(itemIndex, {
      code: 'object_as_text',
      field: label,
      message: `${label} contains "[object Object]": an expression puts an object into a text. Add .toJsonString() to the object.`,
    });
  }
  return text;
}

/** The name of a thing: a text that cannot be converted from anything else. */
export function nameIn(run: TextRun, property: INodeProperties): string {
  const { context, itemIndex } = run;
  const value: unknown = context.getNodeParameter(property.name, itemIndex, '');
  if (typeof value !== 'object' || value === null) return requiredTextOf(run, property).trim();
  throw new NodeOperationError(
    context.getNode(),
    `The field ${property.displayName} must be a text, not ${shown(value)}`,
    {
      itemIndex,
    },
  );
}

/** The text of a parameter that must have one. */
export const requiredTextOf = (run: TextRun, { name, displayName }: INodeProperties): string =>
  requiredText(run, name, displayName, run.context.getNodeParameter(name, run.itemIndex, ''));

/** The text of a parameter that may be empty, unless an expression without a result left it empty. */
export const givenTextOf = (run: TextRun, { name, displayName }: INodeProperties): string =>
  givenText(run, name, displayName, run.context.getNodeParameter(name, run.itemIndex, ''));
