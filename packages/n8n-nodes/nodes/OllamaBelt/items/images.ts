import { type IBinaryData, type IDataObject, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';
import { imageOfBytes, imageOfUrl } from '../../shared/images.ts';
import { isObject } from '../../shared/json.ts';

/** The images that the options name, as base64: of binary fields or files, and fetched from URLs. */
export async function imagesOf(context: IExecuteFunctions, itemIndex: number, local: IDataObject): Promise<string[]> {
  const files = filesIn(context, itemIndex, local['image_fields']);
  const urls = (local['image_urls'] ?? []) as string[];
  return [
    ...(await Promise.all(files.map((file) => imageOfFile(context, itemIndex, file)))),
    ...(await Promise.all(urls.map((url) => imageOfUrl(context, itemIndex, url)))),
  ];
}

/** Names of binary fields, or what an expression gives: a file, all files of an item, a list of either. */
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
    description: "Write names like data, photo2, or use an expression like {{ $('Items').item.binary.data }}.",
    itemIndex,
  });
}

const isFile = (value: unknown): value is IBinaryData =>
  isObject(value) &&
  typeof value['mimeType'] === 'string' &&
  (value['data'] !== undefined || value['id'] !== undefined);

async function imageOfFile(context: IExecuteFunctions, itemIndex: number, file: string | IBinaryData): Promise<string> {
  // Says by itself which field is missing, and of which item.
  const { fileName, mimeType } = context.helpers.assertBinaryData(itemIndex, file);
  const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, file);
  const field = typeof file === 'string' ? ` in the field ${file}` : '';
  return imageOfBytes(context, itemIndex, bytes, {
    what: `The file${fileName ? ` ${fileName}` : ''}${field}`,
    mimeType,
  });
}
