import { type ISupplyDataFunctions, NodeOperationError } from 'n8n-workflow';
import { readBlock } from '../shared/content-blocks.ts';
import { imageOfBlock } from '../shared/images.ts';

/** A message of LangChain. */
interface LangChainMessage {
  content: unknown;
  tool_calls?: readonly unknown[] | undefined;
}

/** The parts of LangChain's chat model that agents and chains call. */
interface LangChainModel {
  _generate(
    messages: LangChainMessage[],
    ...more: unknown[]
  ): Promise<{ generations: { message: LangChainMessage }[] }>;
  _streamResponseChunks(
    messages: LangChainMessage[],
    ...more: unknown[]
  ): AsyncGenerator<{ message: LangChainMessage }>;
  bindTools(...args: unknown[]): LangChainModel;
}

/**
 * The model of n8n's SDK as n8n's own nodes need it.
 *
 * It lets images through: agents and chains send them in LangChain's older form, `image_url`, which the SDK drops
 * silently, as it does with addresses. They are converted to the form that the SDK keeps before it sees them.
 *
 * And it answers with a text: the SDK makes it a list of blocks, which the parser that fixes answers cannot read.
 */
export function langChainModel(context: ISupplyDataFunctions, itemIndex: number, supplied: unknown): unknown {
  const model = supplied as LangChainModel;
  const { _generate: generate, _streamResponseChunks: stream, bindTools } = model;
  const converted = (messages: LangChainMessage[]) =>
    Promise.all(messages.map((message) => convert(context, itemIndex, message)));
  model._generate = async (messages, ...more) => {
    const result = await generate.call(model, await converted(messages), ...more);
    for (const { message } of result.generations) joinTexts(message);
    return result;
  };
  model._streamResponseChunks = async function* (messages, ...more) {
    for await (const chunk of stream.call(model, await converted(messages), ...more)) {
      joinTexts(chunk.message);
      yield chunk;
    }
  };
  model.bindTools = (...args) => langChainModel(context, itemIndex, bindTools.apply(model, args)) as LangChainModel;
  return model;
}

/** Only if it is an answer: with its calls of tools, an agent sends back what the model thought. */
function joinTexts(message: LangChainMessage): void {
  const { content, tool_calls: calls = [] } = message;
  if (!Array.isArray(content) || calls.length > 0) return;
  message.content = content.map(({ type, text }) => (type === 'text' ? text : '')).join('');
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
