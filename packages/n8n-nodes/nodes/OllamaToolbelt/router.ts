import {
  type ExecutionBaseError,
  type IExecuteFunctions,
  type INodeExecutionData,
  NodeOperationError,
} from 'n8n-workflow';
import { connect } from './client.ts';
import { toNodeError } from './node-error.ts';
import type { Operation } from './operation.ts';
import { operationOf } from './resources/index.ts';

/** Runs the chosen operation for each item: the one place that knows of item links and of continuing on failure. */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const items = context.getInputData();
  const signal = context.getExecutionCancelSignal();
  const output: INodeExecutionData[] = [];
  // One for all items; where it cannot be made, each item says why.
  let client: ReturnType<typeof connect> | undefined;

  for (const itemIndex of items.keys()) {
    const pairedItem = { item: itemIndex };
    try {
      const operation = chosenOperation(context, itemIndex);
      client ??= connect(context);
      const results = await operation.execute({ context, itemIndex, ollama: await client, call: { signal } });
      output.push(...results.map((json) => ({ json, pairedItem })));
    } catch (error) {
      const failure = toNodeError(context.getNode(), error, itemIndex);
      // A stopped workflow ends here; its other items must not be sent.
      if (signal?.aborted === true || !context.continueOnFail()) throw failure;
      output.push({ json: { error: wordsOf(failure) }, pairedItem });
    }
  }
  return [output];
}

function chosenOperation(context: IExecuteFunctions, itemIndex: number): Operation {
  const resource = String(context.getNodeParameter('resource', itemIndex));
  const name = String(context.getNodeParameter('operation', itemIndex));
  const operation = operationOf(resource, name);
  if (operation !== undefined) return operation;
  throw new NodeOperationError(context.getNode(), `There is no operation "${name}" for the resource "${resource}"`, {
    itemIndex,
  });
}

/** An error item holds only what it says: n8n tells it from a result by having no other field. */
const wordsOf = ({ message, description }: ExecutionBaseError) => (description ? `${message} ${description}` : message);
