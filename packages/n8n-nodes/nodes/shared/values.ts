import { type INode, NodeOperationError } from 'n8n-workflow';

/** A value as text for a model: an object or a list as JSON, a date as ISO text. */
export function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const json = JSON.stringify(value) ?? '';
  // Stryker disable next-line MethodExpression: a text has both quotes
  return json.startsWith('"') ? JSON.parse(json) : json;
}

/** The error for a field without a value. `path` is the path of the field in the parameters of the node. */
export function missingValue(node: INode, path: string, label: string, value: unknown, itemIndex: number) {
  const result = expressionResult(node, path, value);
  const description = result
    ? `${result} Check the names in it, and that the input items have this field.`
    : 'Fill in the field, or use an expression that returns a value.';
  return new NodeOperationError(node, `The field ${label} has no value`, { description, itemIndex });
}

/** The result of a field's expression; undefined if the field has none. */
export function expressionResult(node: INode, path: string, value: unknown): string | undefined {
  const expression = expressionAt(node, path);
  if (expression === undefined) return undefined;
  return `The expression ${expression} gave ${shown(value)} for this item.`;
}

/** The expression in a field; undefined if the field holds a value. */
export function expressionAt({ parameters }: INode, path: string): string | undefined {
  const written = path
    .split(/[.[\]]+/)
    .filter((key) => key !== '')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], parameters);
  return typeof written === 'string' && written.startsWith('=') ? written.slice(1) : undefined;
}

const SHOWN_CHARACTERS = 30;

/** Enough to recognize a value. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  if (typeof value !== 'string') return String(value);
  if (value.trim() === '') return 'an empty text';
  return value.length > SHOWN_CHARACTERS ? 'a longer text' : `"${value}"`;
}
