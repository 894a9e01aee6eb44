import { type IBinaryData, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { urlOf } from '../../shared/content-blocks.ts';
import { imageOfBlock, imageOfBytes } from '../../shared/images.ts';
import { isObject } from '../../shared/json.ts';
import { parameterOf } from '../../shared/parameter.ts';
import { asText, missingValue } from '../../shared/values.ts';
import { imageSource } from './prompt-parameters.ts';

/** The images of an item, as base64. */
export async function imagesOf(context: IExecuteFunctions, itemIndex: number): Promise<string[]> {
  const given = (name: string, label: string): unknown => {
    const value: unknown = context.getNodeParameter(name, itemIndex, '');
    const isMissing = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
    if (isMissing) throw missingValue(context.getNode(), name, label, value, itemIndex);
    return value;
  };
  switch (parameterOf(context, itemIndex, imageSource)) {
    case 'binary': {
      const files = filesIn(context, itemIndex, given('imageFields', 'Input Data Field Names'));
      return Promise.all(files.map((file) => imageOfFile(context, itemIndex, file)));
    }
    case 'url': {
      const urls = textsIn(given('imageUrls', 'Image URLs'), beginsUrl);
      return Promise.all(urls.map((url) => imageOfBlock(context, itemIndex, urlOf(url))));
    }
    case 'base64': {
      const images = textsIn(given('imageData', 'Images as Base64'), beginsBase64);
      return Promise.all(images.map((data) => imageOfBlock(context, itemIndex, { data })));
    }
    default:
      return [];
  }
}

/** A list, or a comma-separated text; some commas are part of an address or of a data URL. */
function textsIn(value: unknown, begins: (part: string, before: string) => boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => textsIn(entry, begins));
  const entries: string[] = [];
  for (const part of asText(value).split(',')) {
    const before = entries.at(-1);
    if (before === undefined || begins(part.trim(), before)) entries.push(part);
    else entries[entries.length - 1] = `${before},${part}`;
  }
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
}

const beginsUrl = (part: string) => part === '' || /^(https?|data):/i.test(part);

const beginsBase64 = (_: string, before: string) => !before.endsWith(';base64');

/** Names of binary fields, or the value of an expression: a file, all files of an item, or a list of either. */
function filesIn(context: IExecuteFunctions, itemIndex: number, value: unknown): (string | IBinaryData)[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => filesIn(context, itemIndex, entry));
  if (typeof value === 'string') {
    return value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  }
  if (isFile(value)) return [value];
  const files = isObject(value) ? Object.values(value) : [];
  if (files.length > 0 && files.every(isFile)) return files;
  throw new NodeOperationError(context.getNode(), 'The images are neither names of binary fields nor files', {
    description: "Use names like data, photo2, or an expression like {{ $('Items').item.binary.data }}.",
    itemIndex,
  });
}

const isFile = (value: unknown): value is IBinaryData =>
  isObject(value) &&
  typeof value['mimeType'] === 'string' &&
  (value['data'] !== undefined || value['id'] !== undefined);

async function imageOfFile(
  context: IExecuteFunctions,
  itemIndex: number,
  given: string | IBinaryData,
): Promise<string> {
  const file = typeof given === 'string' ? (fileNamed(context, itemIndex, given) ?? given) : given;
  // The error already names the missing field and its item.
  const { fileName, mimeType } = context.helpers.assertBinaryData(itemIndex, file);
  const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, file);
  const field = typeof given === 'string' ? ` in the field ${given}` : '';
  return imageOfBytes(context, itemIndex, bytes, {
    what: `The file${fileName ? ` ${fileName}` : ''}${field}`,
    mimeType,
  });
}

/** Where n8n keeps the files of an item if its workflow stores them in the JSON. */
const FILES_IN_JSON = '_files';

/** The file of this name, wherever the workflow stores files: in some of its modes n8n itself treats names as paths. */
function fileNamed(context: IExecuteFunctions, itemIndex: number, name: string): IBinaryData | undefined {
  const item = context.getInputData()[itemIndex];
  const inJson = item?.json[FILES_IN_JSON];
  return [item?.binary?.[name], isObject(inJson) ? inJson[name] : undefined].find(isFile);
}
