import { type INode, NodeOperationError } from 'n8n-workflow';

/** A value as text for a model: an object or a list as JSON, a date as ISO text. */
export function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const json = JSON.stringify(value) ?? '';
  return json.startsWith('"') ? JSON.parse(json) : json;
}

/** The error of a field that has no value. `path` leads to the field in the parameters of the node. */
export function missingValue(node: INode, path: string, label: string, value: unknown, itemIndex: number) {
  const written = path
    .split(/[.[\]]+/)
    .filter((key) => key !== '')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], node.parameters);
  const result = typeof value === 'string' ? 'an empty text' : String(value);
  const description =
    typeof written === 'string' && written.startsWith('=')
      ? `The expression ${written.slice(1)} gave ${result} for this item. Check the names in it, and that the items before have this field.`
      : 'Fill in the field, or use an expression that gives a value.';
  return new NodeOperationError(node, `The field ${label} has no value`, { description, itemIndex });
}
