import type { IExecuteFunctions, INodeParameters } from 'n8n-workflow';

/**
 * The context of a run, which asks n8n only once for values that are the same for all items. n8n copies the whole node
 * on each `getNode`, and prepares everything that an expression could need on each `getNodeParameter`: half the cost of
 * a short item.
 */
export function steadyContext(context: IExecuteFunctions): IExecuteFunctions {
  const node = context.getNode();
  const known = new Map<string, unknown>();
  const read = (name: string, itemIndex: number, fallback?: unknown, options?: { extractValue?: boolean }): unknown => {
    const key = options?.extractValue ? `${name} value` : name;
    if (known.has(key)) return known.get(key);
    const value: unknown = context.getNodeParameter(name, itemIndex, fallback, options);
    const [parameter = ''] = name.split('.', 1);
    if (!hasExpression(node.parameters[parameter])) known.set(key, value);
    return value;
  };
  return Object.create(context, { getNode: { value: () => node }, getNodeParameter: { value: read } });
}

function hasExpression(written: INodeParameters[string] | undefined): boolean {
  if (typeof written === 'string') return written.startsWith('=');
  return typeof written === 'object' && written !== null && Object.values(written).some(hasExpression);
}
