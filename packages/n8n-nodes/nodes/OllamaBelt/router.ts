import {
  type ExecutionBaseError,
  type IExecuteFunctions,
  type INodeExecutionData,
  NodeOperationError,
} from 'n8n-workflow';
import { connect } from '../shared/client.ts';
import { toNodeError } from '../shared/node-error.ts';
import { batchingOf, runInOrder } from './batching.ts';
import { ExecutionHints } from './items/execution-hints.ts';
import { LinkedItem, type Operation } from './items/operation.ts';
import { operationOf } from './resources/index.ts';

/** Runs the chosen operation for each item. No other code knows of item links and of continuing on failure. */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const items = context.getInputData();
  const cancel = context.getExecutionCancelSignal();
  const hints = new ExecutionHints(context);
  // One for all items. If it cannot be made, each item says why.
  let client: ReturnType<typeof connect> | undefined;

  const runItem = async (itemIndex: number, signal: AbortSignal): Promise<INodeExecutionData[]> => {
    try {
      const operation = chosenOperation(context, itemIndex);
      client ??= connect(context);
      const run = { context, itemIndex, ollama: await client, call: { signal }, hints };
      const results = await operation.execute(run);
      return results.map((result) => outputItem(result, itemIndex));
    } catch (error) {
      const failure = toNodeError(context.getNode(), error, itemIndex);
      // A stopped workflow ends here; its other items must not be sent.
      if (signal.aborted || !context.continueOnFail()) throw failure;
      return [{ json: { error: errorText(failure) }, pairedItem: { item: itemIndex } }];
    }
  };
  const isForAllItems = items.length > 0 && operationFor(context, 0)?.isForAllItems === true;
  const count = isForAllItems ? 1 : items.length;
  const output = await runInOrder(count, batchingOf(context), cancel, runItem);
  hints.show(count);
  return [output.flat()];
}

function outputItem(result: LinkedItem | INodeExecutionData['json'], itemIndex: number): INodeExecutionData {
  if (result instanceof LinkedItem) return { json: result.json, pairedItem: { item: result.itemIndex } };
  return { json: result, pairedItem: { item: itemIndex } };
}

function chosenOperation(context: IExecuteFunctions, itemIndex: number): Operation {
  const operation = operationFor(context, itemIndex);
  if (operation !== undefined) return operation;
  const [resource, name] = choice(context, itemIndex);
  throw new NodeOperationError(context.getNode(), `There is no operation "${name}" for the resource "${resource}"`, {
    itemIndex,
  });
}

const operationFor = (context: IExecuteFunctions, itemIndex: number) => operationOf(...choice(context, itemIndex));

const choice = (context: IExecuteFunctions, itemIndex: number): [resource: string, operation: string] => [
  String(context.getNodeParameter('resource', itemIndex)),
  String(context.getNodeParameter('operation', itemIndex)),
];

/** n8n takes an item for an error only if `error` is its only field, so all there is to say is in there. */
const errorText = ({ message, description }: ExecutionBaseError) =>
  description ? `${message} ${description}` : message;
