import { type IDataObject, type IExecuteFunctions, NodeOperationError } from 'n8n-workflow';

/** The images that the options name, as base64: of binary fields of the item, and fetched from URLs. */
export async function imagesOf(context: IExecuteFunctions, itemIndex: number, local: IDataObject): Promise<string[]> {
  const fields = String(local['image_fields'] ?? '').split(',');
  const names = fields.map((name) => name.trim()).filter((name) => name !== '');
  const urls = (local['image_urls'] ?? []) as string[];
  return [
    ...(await Promise.all(names.map((name) => imageFromField(context, itemIndex, name)))),
    ...(await Promise.all(urls.map((url) => imageFromUrl(context, itemIndex, url)))),
  ];
}

async function imageFromField(context: IExecuteFunctions, itemIndex: number, name: string): Promise<string> {
  // Says by itself which field is missing, and of which item.
  context.helpers.assertBinaryData(itemIndex, name);
  return (await context.helpers.getBinaryDataBuffer(itemIndex, name)).toString('base64');
}

async function imageFromUrl(context: IExecuteFunctions, itemIndex: number, url: string): Promise<string> {
  const abortSignal = context.getExecutionCancelSignal();
  try {
    const bytes: ArrayBuffer | Uint8Array = await context.helpers.httpRequest({
      url,
      encoding: 'arraybuffer',
      ...(abortSignal && { abortSignal }),
    });
    return Buffer.from(bytes as Uint8Array).toString('base64');
  } catch (error) {
    throw new NodeOperationError(context.getNode(), error as Error, {
      message: `The image at ${url} could not be fetched`,
      description: `${(error as Error).message} Check the address, and that n8n can reach it.`,
      itemIndex,
    });
  }
}
