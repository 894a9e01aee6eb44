import type { INodeProperties } from 'n8n-workflow';

/** The operations that have an Options collection; some share theirs. */
export type OptionUser =
  | 'chat'
  | 'generate'
  | 'embed'
  | 'rank'
  | 'load'
  | 'transfer'
  | 'create'
  | 'agent'
  | 'vectors'
  | 'list';

/** One entry of the Options collection. */
export interface Option {
  /**
   * Where its value goes: the model's `options`, the other request fields, or the deadlines of the call. A `local` one
   * stays in the node, and a `more-` one holds fields of any name for one of the first two.
   */
  place: 'options' | 'body' | 'timeouts' | 'local' | 'more-options' | 'more-body';
  users: readonly OptionUser[];
  /** A text in which spaces have no meaning, and which the server would reject with them. */
  hasNoSpaces?: boolean;
  property: Omit<INodeProperties, 'name'>;
}

export type Words = [displayName: string, initial: number, description: string];

export const number = (...[displayName, initial, description]: Words): Option['property'] => ({
  displayName,
  type: 'number',
  default: initial,
  description,
});

export const integer = (...words: Words): Option['property'] => ({
  ...number(...words),
  typeOptions: { numberPrecision: 0 },
});

export const boolean = (displayName: string, initial: boolean, description: string): Option['property'] => ({
  displayName,
  type: 'boolean',
  default: initial,
  description,
});

export const string = (displayName: string, initial: string, description: string): Option['property'] => ({
  displayName,
  type: 'string',
  default: initial,
  description,
});
