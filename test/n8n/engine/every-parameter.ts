import type { INodeParameters, INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { locator } from './parameters.ts';

/** Each operation of the node, with its minimal parameters. */
export const operations: INodeParameters[] = [
  { resource: 'chat', operation: 'send', model: locator('chat-model'), messages: { values: [{ content: 'Hi' }] } },
  { resource: 'generate', operation: 'send', model: locator('chat-model'), prompt: 'Hi' },
  { resource: 'embedding', operation: 'embed', model: locator('embedding-model'), text: 'Hi' },
  { resource: 'embedding', operation: 'rank', model: locator('embedding-model'), query: 'Hi', text: 'Hi' },
  { resource: 'model', operation: 'copy', model: locator('chat-model'), destination: 'copied' },
  { resource: 'model', operation: 'create', model: locator('made'), from: locator('chat-model') },
  { resource: 'model', operation: 'delete', model: locator('spare-model') },
  { resource: 'model', operation: 'get', model: locator('chat-model') },
  { resource: 'model', operation: 'getAll' },
  { resource: 'model', operation: 'getRunning' },
  { resource: 'model', operation: 'load', model: locator('chat-model') },
  { resource: 'model', operation: 'pull', model: locator('chat-model') },
  { resource: 'model', operation: 'push', model: locator('me/model') },
  { resource: 'model', operation: 'unload', model: locator('chat-model') },
  { resource: 'server', operation: 'status' },
  { resource: 'server', operation: 'version' },
];

export const nameOf = ({ resource, operation }: INodeParameters) => `${resource}: ${operation}`;

/** One parameter of an operation: its name, and the node's parameters with a value for it. */
export interface Parameter {
  label: string;
  type: string;
  name: string;
  withValue(value: string): INodeParameters;
}

/** Every parameter that accepts an expression, including nested ones, as the node describes them. */
export function parametersOf(properties: readonly INodeProperties[], base: INodeParameters): Parameter[] {
  const shown = properties.filter(({ displayOptions, type, noDataExpression }) => {
    const { resource, operation } = displayOptions?.show ?? {};
    const isOfOperation =
      resource?.includes(base['resource'] as string) && operation?.includes(base['operation'] as string);
    return isOfOperation && type !== 'notice' && noDataExpression !== true;
  });
  return shown.flatMap((property) => {
    const { name, type } = property;
    const rest = { ...filled, ...base, ...neededToShow(property) };
    const set = (value: unknown) => ({ ...rest, [name]: value }) as INodeParameters;
    if (type === 'fixedCollection') return columnsOf(property, (value) => set({ values: [value] }));
    if (type !== 'collection') return [leaf(property, set)];
    return (property.options as INodeProperties[]).flatMap((option) => {
      const setOption = (value: unknown) => set({ [option.name]: value });
      return option.type === 'fixedCollection'
        ? columnsOf(option, (value) => setOption({ values: value }))
        : [leaf(option, setOption)];
    });
  });
}

/** n8n itself refuses to run a node with an empty required field. */
const filled = {
  imageFields: 'data',
  imageUrls: 'http://127.0.0.1:9/a.png',
  imageData: 'iVBORw0=',
  modelfile: 'FROM x',
};

/** The values of other parameters that make this one visible. */
function neededToShow({ displayOptions }: INodeProperties): INodeParameters {
  const { resource, operation, ...others } = displayOptions?.show ?? {};
  return Object.fromEntries(Object.entries(others).map(([name, values = []]) => [name, values[0] as string]));
}

function columnsOf({ options }: INodeProperties, set: (value: object) => INodeParameters): Parameter[] {
  const { values } = options![0] as INodePropertyCollection;
  return values.map((column) =>
    leaf(column, (value) => set({ name: 'a', content: 'Hi', ...neededToShow(column), [column.name]: value })),
  );
}

const leaf = (property: INodeProperties, set: (value: unknown) => INodeParameters): Parameter => ({
  label: property.displayName,
  type: property.type,
  name: property.name,
  withValue: (value) =>
    set(
      property.type === 'resourceLocator'
        ? locator(value)
        : property.typeOptions?.multipleValues === true
          ? [value]
          : value,
    ),
});
