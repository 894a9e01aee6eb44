import type { IExecuteFunctions, INodeParameters } from 'n8n-workflow';

/**
 * The context of a run, which asks n8n once for what is the same for all items. n8n copies the whole node at each `getNode`,
 * and sets all that an expression could need up at each `getNodeParameter`: half of what a short item costs.
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
