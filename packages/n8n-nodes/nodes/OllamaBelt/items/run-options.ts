import { optionLeftOut } from '../../shared/answer-notes.ts';
import { type OptionFields, optionFields } from '../../shared/read-options.ts';
import type { OperationRun } from './operation.ts';

/** The options of an item. One whose expression gave nothing is left out, and said beside the output. */
export function optionsOf(
  { context, itemIndex, hints }: Pick<OperationRun, 'context' | 'itemIndex' | 'hints'>,
  collection?: string,
): OptionFields {
  const fields = optionFields(context, itemIndex, collection);
  for (const label of fields.leftOut) hints.note(itemIndex, optionLeftOut(label));
  return fields;
}
