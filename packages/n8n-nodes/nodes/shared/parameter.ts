import { type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { expressionResult, missingValue, shown } from './values.ts';

/** Sub-nodes have the same method, in a context of another type. */
export type ParameterContext = Pick<IExecuteFunctions, 'getNode'> & {
  getNodeParameter(name: string, itemIndex: number, fallback: unknown, options?: { extractValue?: boolean }): unknown;
};

/**
 * The value of a parameter. An expression may return anything: text for a number or a switch is converted, and a value
 * that the field cannot have is an error that names the field.
 */
export function parameterOf<Value>(context: ParameterContext, itemIndex: number, property: INodeProperties): Value {
  const value = context.getNodeParameter(property.name, itemIndex, property.default);
  return checkedValue(context, itemIndex, property, value) as Value;
}

/** The same for a value that was read already. `path` is its path in the parameters of the node. */
export function checkedValue(
  context: Pick<ParameterContext, 'getNode'>,
  itemIndex: number,
  property: Pick<INodeProperties, 'name' | 'displayName' | 'type' | 'options' | 'typeOptions'>,
  value: unknown,
  path = property.name,
): unknown {
  const node = context.getNode();
  const label = property.displayName;
  const isMissing = value === undefined || value === null || (property.type === 'number' && value === '');
  if (isMissing) throw missingValue(node, path, label, value, itemIndex);
  const wanted = faultOf(property, value);
  if (wanted === undefined) return converted(property.type, value);
  const description = expressionResult(node, path, value);
  const kind = /^(options|parameters)\./.test(path) ? 'option' : 'field';
  throw new NodeOperationError(node, `The ${kind} ${label} must be ${wanted}, not ${shown(value)}`, {
    ...(description !== undefined && { description }),
    itemIndex,
  });
}

function converted(type: INodeProperties['type'], value: unknown): unknown {
  if (type === 'number') return Number(value);
  return type === 'boolean' ? String(value) === 'true' : value;
}

/** The expected kind of value, if it is something else. */
function faultOf(
  { type, options, typeOptions }: Pick<INodeProperties, 'type' | 'options' | 'typeOptions'>,
  value: unknown,
): string | undefined {
  switch (type) {
    case 'options': {
      const choices = (options ?? []).flatMap((option) => ('value' in option ? [option.value] : []));
      return choices.includes(value as string) ? undefined : `one of ${choices.join(', ')}`;
    }
    case 'number': {
      const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
      if (!isNumber || !Number.isFinite(Number(value))) return 'a number';
      if (typeOptions?.numberPrecision === 0 && !Number.isInteger(Number(value))) return 'a whole number';
      const least = typeOptions?.minValue ?? Number.NEGATIVE_INFINITY;
      return Number(value) < least ? `${least} or more` : undefined;
    }
    case 'boolean':
      return ['true', 'false'].includes(String(value)) ? undefined : 'true or false';
    default:
      return undefined;
  }
}
