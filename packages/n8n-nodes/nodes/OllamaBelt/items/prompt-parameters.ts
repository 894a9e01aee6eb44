import type { INodeProperties } from 'n8n-workflow';
import type { OperationRun } from './operation.ts';
import { givenTextOf } from './text-parameter.ts';

const shownFor = (source: string) => ({ show: { imageSource: [source] } });

const systemMessage: INodeProperties = {
  displayName: 'System Message',
  name: 'systemMessage',
  type: 'string',
  typeOptions: { rows: 2 },
  default: '',
  placeholder: 'e.g. You answer in one sentence.',
  description: "How the model should behave; overrides the model's own system prompt",
};

export const imageSource: INodeProperties = {
  displayName: 'Images',
  name: 'imageSource',
  type: 'options',
  options: [
    { name: 'Base64', value: 'base64', description: 'Images as text, such as in the JSON of an earlier node' },
    { name: 'Binary Files', value: 'binary', description: 'Files of the item' },
    { name: 'None', value: 'none' },
    { name: 'URLs', value: 'url', description: 'Images that n8n fetches' },
  ],
  default: 'none',
  description: 'Images to send with the last user message. Pick a model with "vision" next to its name.',
};

/** The parameters that belong to a prompt or a conversation. */
export const promptParameters: INodeProperties[] = [
  systemMessage,
  imageSource,
  {
    displayName: 'Input Data Field Names',
    name: 'imageFields',
    type: 'string',
    required: true,
    default: 'data',
    placeholder: 'e.g. data, photo2',
    displayOptions: shownFor('binary'),
    description:
      'Names of binary fields of the item, separated by commas. An expression may return the files themselves.',
  },
  {
    displayName: 'Image URLs',
    name: 'imageUrls',
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. https://example.com/photo.jpg, https://example.com/plan.png',
    displayOptions: shownFor('url'),
    description: 'Addresses of images, separated by commas. An expression may return a list.',
  },
  {
    displayName: 'Images as Base64',
    name: 'imageData',
    type: 'string',
    required: true,
    default: '',
    placeholder: 'e.g. {{ $json.image }}',
    displayOptions: shownFor('base64'),
    description: 'Base64 or data URLs, separated by commas. An expression may return a list.',
  },
];

/** The system message of an item; undefined if the field is empty. An expression without a result is an error. */
export function systemMessageOf(run: OperationRun): string | undefined {
  const text = givenTextOf(run, systemMessage);
  return text.trim() === '' ? undefined : text;
}
