import { optionLeftOut } from '../../shared/answer-notes.ts';
import { type OptionFields, optionFields } from '../../shared/read-options.ts';
import type { OperationRun } from './operation.ts';

/** The options of an item. An option whose expression has no result is left out, and reported with the output. */
export function optionsOf(
  { context, itemIndex, hints }: Pick<OperationRun, 'context' | 'itemIndex' | 'hints'>,
  collection?: string,
): OptionFields {
  const fields = optionFields(context, itemIndex, collection);
  for (const label of fields.leftOut) hints.note(itemIndex, optionLeftOut(label));
  return fields;
}
