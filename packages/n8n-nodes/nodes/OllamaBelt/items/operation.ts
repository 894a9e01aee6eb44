import type { CallOptions, Ollama } from '@ollama-toolbelt/core/neutral';
import type {
  ExecutionBaseError,
  IDataObject,
  IExecuteFunctions,
  INodeProperties,
  INodePropertyOptions,
} from 'n8n-workflow';
import type { ExecutionHints } from './execution-hints.ts';

/** One run of an operation, for one input item. */
export interface OperationRun {
  context: IExecuteFunctions;
  itemIndex: number;
  ollama: Ollama;
  /** The options of every call to the server. Its signal aborts when the workflow is stopped. */
  call: CallOptions;
  hints: ExecutionHints;
}

/** An operation of a resource: its parameters in the editor, and its code. */
export interface Operation {
  description: INodeProperties[];
  /** Runs once for all input items, instead of once per item. */
  isForAllItems?: boolean;
  /** Returns the output items of one input item. */
  execute(run: OperationRun): Promise<OutputItem[]>;
}

/** An output item. A linked one names the input item it comes from, if that is not the current one. */
export type OutputItem = IDataObject | LinkedItem;

export class LinkedItem {
  readonly json: IDataObject;
  readonly itemIndex: number;
  /** Why there is no result for the input item. */
  readonly error: ExecutionBaseError | undefined;

  constructor(json: IDataObject, itemIndex: number, error?: ExecutionBaseError) {
    this.json = json;
    this.itemIndex = itemIndex;
    this.error = error;
  }
}

/** The operations of a resource, to choose from. */
export const operationField = (
  resource: string,
  initial: string,
  options: INodePropertyOptions[],
): INodeProperties => ({
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  displayOptions: { show: { resource: [resource] } },
  options,
  default: initial,
});

/** Shows these properties only for one operation. */
export function showFor(resource: string, operation: string, properties: INodeProperties[]): INodeProperties[] {
  return properties.map((property) => ({
    ...property,
    displayOptions: {
      ...property.displayOptions,
      show: { ...property.displayOptions?.show, resource: [resource], operation: [operation] },
    },
  }));
}
