import { type ISupplyDataFunctions, NodeOperationError } from 'n8n-workflow';
import { readBlock } from '../shared/content-blocks.ts';
import { imageOfBlock } from '../shared/images.ts';

/** A message of LangChain. */
interface LangChainMessage {
  content: unknown;
}

/** The parts of LangChain's chat model that agents and chains call. */
interface LangChainModel {
  _generate(messages: LangChainMessage[], ...more: unknown[]): Promise<unknown>;
  _streamResponseChunks(messages: LangChainMessage[], ...more: unknown[]): AsyncGenerator<unknown>;
  bindTools(...args: unknown[]): LangChainModel;
}

/**
 * Lets images through. n8n's agents and chains send them in LangChain's older form, `image_url`, which n8n's SDK drops
 * silently, as it does with addresses. This converts them to the form the SDK keeps before it sees them.
 */
export function withImages(context: ISupplyDataFunctions, itemIndex: number, supplied: unknown): unknown {
  const model = supplied as LangChainModel;
  const { _generate: generate, _streamResponseChunks: stream, bindTools } = model;
  const converted = (messages: LangChainMessage[]) =>
    Promise.all(messages.map((message) => convert(context, itemIndex, message)));
  model._generate = async (messages, ...more) => generate.call(model, await converted(messages), ...more);
  model._streamResponseChunks = async function* (messages, ...more) {
    yield* stream.call(model, await converted(messages), ...more);
  };
  model.bindTools = (...args) => withImages(context, itemIndex, bindTools.apply(model, args)) as LangChainModel;
  return model;
}

async function convert(
  context: ISupplyDataFunctions,
  itemIndex: number,
  message: LangChainMessage,
): Promise<LangChainMessage> {
  if (!Array.isArray(message.content)) return message;
  const content = await Promise.all(message.content.map((block) => convertBlock(context, itemIndex, block)));
  // A copy: a memory stores the original message.
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, { content });
}

async function convertBlock(context: ISupplyDataFunctions, itemIndex: number, block: unknown): Promise<unknown> {
  const read = readBlock(block);
  if (read !== undefined && 'image' in read) {
    // Stryker disable next-line StringLiteral: LangChain's form needs a type, which nothing reads at present
    return { type: 'image', mimeType: 'image/*', data: await imageOfBlock(context, itemIndex, read.image) };
  }
  if (read === undefined || !('file' in read)) return typeof block === 'string' ? { type: 'text', text: block } : block;
  throw new NodeOperationError(
    context.getNode(),
    `A message has a file of the type ${read.file}, which Ollama does not accept`,
    {
      description:
        'Ollama accepts text and images. Configure the agent not to pass on such files, or put the file\'s text into the prompt: "Extract From File" reads it.',
      itemIndex,
    },
  );
}
