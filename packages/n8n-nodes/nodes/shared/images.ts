import { type IExecuteFunctions, type ISupplyDataFunctions, NodeOperationError } from 'n8n-workflow';
import type { BlockImage } from './content-blocks.ts';
import { toNodeError } from './node-error.ts';

type ImageContext = Pick<IExecuteFunctions, 'getNode' | 'getExecutionCancelSignal'> & {
  helpers: Pick<ISupplyDataFunctions['helpers'], 'httpRequest'>;
};

/** The first bytes of files that the server can read as images. */
const IMAGE = /^(\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|BM|II\*\0|MM\0\*|.{4}ftyp)/s;

/** The type of a file that cannot be sent as an image; undefined if it can. */
function otherKind(bytes: Uint8Array, mimeType = ''): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  if (IMAGE.test(start)) return undefined;
  if (start.startsWith('%PDF')) return 'a PDF';
  if (/<svg[\s>]/i.test(start) || mimeType.startsWith('image/svg')) return 'an SVG drawing';
  if (/^\s*<(!doctype|html|head|body)/i.test(start)) return 'a web page';
  const [type = ''] = mimeType.split(';', 1);
  const tellsNothing = type === '' || type.endsWith('/octet-stream') || type.startsWith('image/');
  return tellsNothing ? undefined : `of the type ${type}`;
}

/** Bytes of an image as base64. `what` names the file in the error if it is not an image. */
export function imageOfBytes(
  context: Pick<ImageContext, 'getNode'>,
  itemIndex: number,
  bytes: Uint8Array,
  { what, mimeType }: { what: string; mimeType?: string | undefined },
): string {
  const kind = otherKind(bytes, mimeType);
  if (kind === undefined) return Buffer.from(bytes).toString('base64');
  throw noImage(context, itemIndex, `${what} is ${kind}, not an image`);
}

const noImage = (context: Pick<ImageContext, 'getNode'>, itemIndex: number, message: string) =>
  new NodeOperationError(context.getNode(), message, {
    description:
      'Ollama accepts images such as PNG, JPEG and WebP. For other files, put their text into the message: "Extract From File" reads it.',
    itemIndex,
  });

/** Fetches an image and returns it as base64. */
export async function imageOfUrl(context: ImageContext, itemIndex: number, url: string): Promise<string> {
  const abortSignal = context.getExecutionCancelSignal();
  // Without what may be secret in it.
  const place = url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*/s, '');
  let answer: { body: Uint8Array; headers: Record<string, unknown> };
  try {
    answer = await context.helpers.httpRequest({
      url,
      encoding: 'arraybuffer',
      returnFullResponse: true,
      ...(abortSignal && { abortSignal }),
    });
  } catch (error) {
    if (abortSignal?.aborted) throw toNodeError(context.getNode(), error, itemIndex);
    throw new NodeOperationError(context.getNode(), error as Error, {
      message: `The image at ${place} could not be fetched`,
      description: `${(error as Error).message} Check the address, and that n8n can reach it.`,
      itemIndex,
    });
  }
  const mimeType = String(answer.headers['content-type'] ?? '');
  return imageOfBytes(context, itemIndex, Buffer.from(answer.body), { what: `The file at ${place}`, mimeType });
}

const DATA_URL = /^data:([^,;]*)[^,]*?;base64,/;

/** The image of a message block, as base64. */
export async function imageOfBlock(context: ImageContext, itemIndex: number, image: BlockImage): Promise<string> {
  if ('url' in image) return imageOfUrl(context, itemIndex, image.url);
  const { data } = image;
  const what = 'The file in the message';
  if (data instanceof Uint8Array) return imageOfBytes(context, itemIndex, data, { what });
  const text = data.trim();
  const mimeType = DATA_URL.exec(text)?.[1];
  const base64 = text.replace(DATA_URL, '').replace(/\s/g, '');
  if (!/^[\w+/-]+={0,2}$/.test(base64)) {
    throw noImage(context, itemIndex, 'An image in the message is neither an http address nor base64');
  }
  // Stryker disable next-line MethodExpression: only saves decoding the rest
  imageOfBytes(context, itemIndex, Buffer.from(base64.slice(0, 1024), 'base64'), { what, mimeType });
  return base64;
}
