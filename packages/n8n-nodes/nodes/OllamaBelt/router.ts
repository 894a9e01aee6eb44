import {
  type ExecutionBaseError,
  type IExecuteFunctions,
  type INodeExecutionData,
  NodeOperationError,
} from 'n8n-workflow';
import { connect } from '../shared/client.ts';
import { toNodeError } from '../shared/node-error.ts';
import { type Batching, batchingOf, runInOrder } from './batching.ts';
import { ExecutionHints } from './items/execution-hints.ts';
import { failedItem } from './items/failed-item.ts';
import { LinkedItem, type Operation, type OutputItem } from './items/operation.ts';
import { operationOf } from './resources/index.ts';
import { steadyContext } from './steady-context.ts';

/** Runs the chosen operation for each item. Only this file knows about item links and Continue On Fail. */
export async function route(ofRun: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const context = steadyContext(ofRun);
  const items = context.getInputData();
  const cancel = context.getExecutionCancelSignal();
  const hints = new ExecutionHints(context);
  // One client for all items. If it cannot be created, each item reports why.
  let client: ReturnType<typeof connect> | undefined;

  const isSortedOut = context.getNode().onError === 'continueErrorOutput';
  const output = (result: OutputItem, itemIndex: number) => outputItem(result, itemIndex, isSortedOut);

  const batching = settledBatching(context);

  const isForAllItems = items.length > 0 && operationFor(context, 0)?.isForAllItems === true;

  const runItem = async (itemIndex: number, signal: AbortSignal): Promise<INodeExecutionData[]> => {
    try {
      if ('fault' in batching) throw batching.fault;
      const operation = chosenOperation(context, itemIndex);
      client ??= connect(context);
      const run = { context, itemIndex, ollama: await client, call: { signal }, hints };
      const results = await operation.execute(run);
      return results.map((result) => output(result, itemIndex));
    } catch (error) {
      // A stopped workflow ends here; its other items must not be sent.
      if (signal.aborted || !context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
      const failed = isForAllItems ? items.keys() : [itemIndex];
      return Array.from(failed, (index) => output(failedItem(context.getNode(), error, index), index));
    }
  };
  const count = isForAllItems ? 1 : items.length;
  const results = await runInOrder(count, 'fault' in batching ? ONE_BY_ONE : batching, cancel, runItem);
  hints.show(count);
  return [results.flat()];
}

const ONE_BY_ONE: Batching = { concurrency: 1, pauseMs: 0 };

/** Problems with it are reported per item, so a workflow that continues on failure does so. */
function settledBatching(context: IExecuteFunctions): Batching | { fault: unknown } {
  try {
    return batchingOf(context);
  } catch (fault) {
    return { fault };
  }
}

function outputItem(result: OutputItem, itemIndex: number, isSortedOut: boolean): INodeExecutionData {
  if (result instanceof LinkedItem) {
    const { json, error } = result;
    const item: INodeExecutionData = { json, pairedItem: { item: result.itemIndex } };
    return error && isSortedOut ? forErrorBranch(item, error) : item;
  }
  return { json: result, pairedItem: { item: itemIndex } };
}

/**
 * n8n recognizes a failed item by its error, or if it has no other field. It copies the item to the error branch, and
 * if the copy has the error too, it replaces all fields with the message. So the error must be one that is not copied.
 */
const forErrorBranch = (item: INodeExecutionData, error: ExecutionBaseError): INodeExecutionData =>
  Object.defineProperty(item, 'error', { value: error, enumerable: false });

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
