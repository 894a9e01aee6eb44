import type { CallOptions, Ollama } from '@ollama-toolbelt/core';
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Notes } from './execution-hints.ts';

/** One run of an operation, for one input item. */
export interface OperationRun {
  context: IExecuteFunctions;
  itemIndex: number;
  ollama: Ollama;
  /** Goes with every call to the server; it carries the signal that the workflow was stopped. */
  call: CallOptions;
  notes: Notes;
}

/** What a file in `resources/` is: the parameters in the editor, and what is done with them. */
export interface Operation {
  description: INodeProperties[];
  /** Works on all input items at once, not on each for itself. */
  isForAllItems?: boolean;
  /** Gives the output items of one input item. */
  execute(run: OperationRun): Promise<OutputItem[]>;
}

/** An output item; where it comes from another input item than the one that was run, it says from which. */
export type OutputItem = IDataObject | ItemOf;

export class ItemOf {
  readonly json: IDataObject;
  readonly itemIndex: number;

  constructor(json: IDataObject, itemIndex: number) {
    this.json = json;
    this.itemIndex = itemIndex;
  }
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
