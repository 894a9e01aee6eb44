import type { Timeouts } from '@ollama-toolbelt/core/neutral';
import { type IDataObject, type INodeProperties, NodeOperationError } from 'n8n-workflow';
import { isObject, parsedJson } from './json.ts';
import type { Option, OptionUser } from './option-builders.ts';
import { options } from './option-table.ts';
import { checkedValue, type ParameterContext } from './parameter.ts';
import { asText, expressionAt } from './values.ts';

/** The most used options, in the order in which people look for them. */
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

/** The Options collection of one or more operations: the most used options first, the rest in alphabetical order. */
export function optionsProperty(...operations: OptionUser[]): INodeProperties {
  // The parameters of a created model have their own collection.
  const offered = ({ users, place }: Option) =>
    operations.some((operation) => users.includes(operation) && !(operation === 'create' && place === 'options'));
  return collection('Options', 'options', 'Add option', offered);
}

/** The parameters that a created model has by default. */
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
  /** Options for the node itself. */
  local: IDataObject;
  /** Labels of options whose expression has no result: they count as not added. */
  leftOut: string[];
}

/** The options that were added to the collection, sorted by where they go. An option that was not added is not sent. */
export function optionFields(context: ParameterContext, itemIndex: number, parameter = 'options'): OptionFields {
  const added = context.getNodeParameter(parameter, itemIndex, {}) as IDataObject;
  const leftOut: string[] = [];
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
    const path = `${parameter}.${name}`;
    const sent = isEmpty(value) ? undefined : readValue(context, itemIndex, option, value, path);
    if (hasGivenNothing(context, path, value, sent)) leftOut.push(option.property.displayName);
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
  return { body, timeouts: places.timeouts, local: places.local, leftOut };
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

/**
 * Whether the option, or an entry of its list, is an expression without a result. A field that a person left empty is
 * not.
 */
const hasGivenNothing = (context: ParameterContext, path: string, value: unknown, sent: unknown): boolean =>
  Array.isArray(value)
    ? value.some((entry) => entry === undefined || entry === null)
    : sent === undefined && expressionAt(context.getNode(), path) !== undefined;

/**
 * The value to send, or for the node itself. It does not check choices and texts: the server does, and a newer one may
 * allow more.
 */
function readValue(
  context: ParameterContext,
  itemIndex: number,
  option: Option,
  value: IDataObject[string],
  path: string,
): IDataObject[string] {
  const { property, place } = option;
  if (property.typeOptions?.multipleValues !== true && String(value).trim() === '') return undefined;
  if (property.type === 'json') return jsonObject(context, itemIndex, option, value);
  if (property.type === 'fixedCollection') return value;
  const isOfServer = property.type === 'string' || property.type === 'options';
  if (isOfServer && place !== 'local') return converted(option, value);
  if (property.type === 'string') return asText(value);
  return checkedValue(context, itemIndex, { ...property, name: path }, value) as IDataObject[string];
}

/** The node reads every response as a stream, so the field would have no effect. */
const streamIsOurs = (context: ParameterContext, itemIndex: number) =>
  new NodeOperationError(context.getNode(), 'More Request Fields has the field "stream", which the node sets itself', {
    description:
      'Remove it: the node always requests a stream, and returns the whole answer, except to a workflow that streams.',
    itemIndex,
  });

function jsonObject(context: ParameterContext, itemIndex: number, { property }: Option, value: unknown): IDataObject {
  const object = parsedJson(value);
  if (isObject(object)) return object as IDataObject;
  throw new NodeOperationError(context.getNode(), `The option ${property.displayName} is not a JSON object`, {
    description: 'Use the form { "name": 1 }.',
    itemIndex,
  });
}

/**
 * The value as its option needs it: expressions often return text for a list or for "off". Undefined means: not added.
 */
function converted(option: Option, value: IDataObject[string]): IDataObject[string] {
  if (option.property.typeOptions?.multipleValues === true) return listOf(value);
  if (option.property.type === 'string') return sentText(option, value);
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** Text for the server; undefined if it was left empty. Only a duration may be a number: of seconds. */
function sentText({ hasNoSpaces }: Option, value: unknown): string | number | undefined {
  if (typeof value === 'number' && hasNoSpaces) return value;
  const text = hasNoSpaces ? asText(value).replace(/\s/g, '') : asText(value);
  return text.trim() === '' ? undefined : text;
}

function listOf(value: IDataObject[string]): IDataObject[string] {
  // The editor stores an entry that was added and left empty as an empty text, or as an empty list.
  const list = [value].flat(3).filter((entry) => entry !== '' && entry !== null && entry !== undefined);
  return list.length === 0 ? undefined : list.map(asText);
}
