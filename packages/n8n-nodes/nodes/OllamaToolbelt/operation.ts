import type { CallOptions, Ollama } from '@ollama-toolbelt/core';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

/** One run of an operation, for one input item. */
export interface OperationRun {
  context: IExecuteFunctions;
  itemIndex: number;
  ollama: Ollama;
  /** Goes with every call to the server; it carries the signal that the workflow was stopped. */
  call: CallOptions;
}

/** What a file in `resources/` is: the parameters in the editor, and what is done with them. */
export interface Operation {
  description: INodeProperties[];
  /** Gives the output items of one input item. */
  execute(run: OperationRun): Promise<IDataObject[]>;
}

/** Shows these properties for one operation only. */
export function shownFor(resource: string, operation: string, properties: INodeProperties[]): INodeProperties[] {
  return properties.map((property) => ({
    ...property,
    displayOptions: {
      ...property.displayOptions,
      show: { ...property.displayOptions?.show, resource: [resource], operation: [operation] },
    },
  }));
}
