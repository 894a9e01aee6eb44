import type { Timeouts } from '@ollama-toolbelt/core';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { type Option, type OptionUser, options } from './options.ts';

/** The Options collection of one operation, in the order of its names. */
export function optionsProperty(user: OptionUser): INodeProperties {
  return {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    options: Object.entries(options)
      .filter(([, option]) => option.users.includes(user))
      .map(([name, { property }]) => ({ ...property, name }))
      .sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
  };
}

export interface OptionFields {
  /** Fields of the request; the model's own are in `options`. */
  body: IDataObject;
  timeouts: Timeouts;
}

/** What was added to the collection, at the place where it is looked for; what was not added is not sent. */
export function optionFields(added: IDataObject): OptionFields {
  const body: IDataObject = {};
  const modelOptions: IDataObject = {};
  const timeouts: Record<string, number> = {};
  for (const [name, value] of Object.entries(added)) {
    const option = options[name];
    if (option === undefined) continue;
    const sent = converted(option, value);
    if (sent === undefined) continue;
    if (option.place === 'options') modelOptions[name] = sent;
    else if (option.place === 'body') body[name] = sent;
    else timeouts[name] = Number(sent) * 1000;
  }
  if (Object.keys(modelOptions).length > 0) body['options'] = modelOptions;
  return { body, timeouts };
}

/** An expression often gives text where a number, a boolean or a list is meant; one that gives nothing adds nothing. */
function converted(option: Option, value: IDataObject[string]): IDataObject[string] {
  if (value === undefined || value === null) return undefined;
  if (option.property.typeOptions?.multipleValues === true) return listOf(value);
  if (option.property.type === 'string' || typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return undefined;
  if (option.property.type === 'number') return Number.isFinite(Number(text)) ? Number(text) : value;
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

function listOf(value: IDataObject[string]): IDataObject[string] {
  const list = (Array.isArray(value) ? value : [value]).filter((entry) => entry !== '') as string[];
  return list.length === 0 ? undefined : list;
}
