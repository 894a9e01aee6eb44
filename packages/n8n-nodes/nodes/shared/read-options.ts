import type { Timeouts } from '@ollama-toolbelt/core/neutral';
import { type IDataObject, type IExecuteFunctions, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { isObject, parsedJson } from './json.ts';
import type { Option, OptionUser } from './option-builders.ts';
import { options } from './option-table.ts';
import { asText } from './values.ts';

/** Sub-nodes have the same, in a context of another type. */
export type ParameterContext = Pick<IExecuteFunctions, 'getNode'> & {
  getNodeParameter(name: string, itemIndex: number, fallback: unknown, options?: { extractValue?: boolean }): unknown;
};

/** What people add most, in the order in which they look for it. */
const mostUsed = [
  ...['temperature', 'num_predict', 'num_ctx', 'keep_alive', 'think', 'format', 'any_json', 'seed', 'stop'],
  ...[
    'dimensions',
    'query_prefix',
    'document_prefix',
    'min_score',
    'batchSize',
    'batching',
    'max_rounds',
    'firstByteMs',
    'idleMs',
  ],
];

const placeOf = (name: string): number => (mostUsed.indexOf(name) + 1 || mostUsed.length + 1) - 1;

/** The Options collection of one or more operations: what people use most comes first, the rest is in alphabetical order. */
export function optionsProperty(...operations: OptionUser[]): INodeProperties {
  // What a created model is run with has a collection of its own.
  const offered = ({ users, place }: Option) =>
    operations.some((operation) => users.includes(operation) && !(operation === 'create' && place === 'options'));
  return collection('Options', 'options', 'Add option', offered);
}

/** The parameters that a created model has by itself. */
export const modelParameters: INodeProperties = collection(
  'Parameters',
  'parameters',
  'Add parameter',
  ({ users, place }) => users.includes('create') && place === 'options',
);

function collection(
  displayName: string,
  name: string,
  placeholder: string,
  isOffered: (option: Option) => boolean,
): INodeProperties {
  return {
    displayName,
    name,
    type: 'collection',
    placeholder,
    default: {},
    options: Object.entries(options)
      .filter(([, option]) => isOffered(option))
      .map(([name, { property }]) => ({ ...property, name }))
      .sort((a, b) => placeOf(a.name) - placeOf(b.name) || a.displayName.localeCompare(b.displayName, 'en')),
  };
}

export interface OptionFields {
  /** Fields of the request; the model's own are in `options`. */
  body: IDataObject;
  timeouts: Timeouts;
  /** What is for the node itself. */
  local: IDataObject;
}

/** The options that were added to the collection, sorted by where they go. An option that was not added is not sent. */
export function optionFields(context: ParameterContext, itemIndex: number, parameter = 'options'): OptionFields {
  const added = context.getNodeParameter(parameter, itemIndex, {}) as IDataObject;
  const places: Record<Option['place'], IDataObject> = {
    options: {},
    body: {},
    timeouts: {},
    local: {},
    'more-options': {},
    'more-body': {},
  };
  for (const [name, value] of Object.entries(added)) {
    const option = options[name];
    if (option === undefined) continue;
    const sent =
      option.property.type === 'json' ? jsonObject(context, itemIndex, option, value) : converted(option, value);
    if (sent === undefined) continue;
    const place = places[option.place];
    if (option.place.startsWith('more-')) Object.assign(place, sent);
    else place[name] = option.place === 'timeouts' ? Number(sent) * 1000 : sent;
  }
  const modelOptions = { ...places.options, ...places['more-options'] };
  if ('stream' in places['more-body']) throw streamIsOurs(context, itemIndex);
  const body = { ...places.body, ...places['more-body'] };
  if (Object.keys(modelOptions).length > 0) {
    body['options'] = { ...modelOptions, ...(body['options'] as IDataObject | undefined) };
  }
  return { body, timeouts: places.timeouts, local: places.local };
}

/** The node reads every answer as a stream, so the field would do nothing. */
const streamIsOurs = (context: ParameterContext, itemIndex: number) =>
  new NodeOperationError(context.getNode(), 'More Request Fields has the field "stream", which the node sets itself', {
    description:
      'Take it out: the node always gets the answer as a stream, and gives it out whole, except to a workflow that streams.',
    itemIndex,
  });

function jsonObject(context: ParameterContext, itemIndex: number, { property }: Option, value: unknown): IDataObject {
  const object = parsedJson(value);
  if (isObject(object)) return object as IDataObject;
  throw new NodeOperationError(context.getNode(), `The option ${property.displayName} is not a JSON object`, {
    description: 'Write it like { "name": 1 }.',
    itemIndex,
  });
}

/** The value as its option needs it: expressions often give text for a number or a list. Nothing means: not added. */
function converted(option: Option, value: IDataObject[string]): IDataObject[string] {
  if (value === undefined || value === null) return undefined;
  if (option.property.typeOptions?.multipleValues === true) return listOf(value);
  if (option.property.type === 'string' && option.place === 'body') return sentText(option, value);
  if (option.property.type === 'string' || typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return undefined;
  if (option.property.type === 'number') return Number.isFinite(Number(text)) ? Number(text) : value;
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** Text for the server; nothing if it was left empty. Only a duration may be a number: of seconds. */
function sentText({ hasNoSpaces }: Option, value: unknown): string | number | undefined {
  if (typeof value === 'number' && hasNoSpaces) return value;
  const text = hasNoSpaces ? asText(value).replace(/\s/g, '') : asText(value);
  return text.trim() === '' ? undefined : text;
}

function listOf(value: IDataObject[string]): IDataObject[string] {
  // The editor stores an entry that was added and left empty as an empty text, or as an empty list.
  const list = [value].flat(3).filter((entry) => entry !== '' && entry !== null && entry !== undefined) as string[];
  return list.length === 0 ? undefined : list;
}
