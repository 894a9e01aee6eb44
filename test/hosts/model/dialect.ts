/** A host's request to its model, in any API. */
export interface ModelRequest {
  /** Names of the tools that the model may call, in the host's form. */
  tools: string[];
  /** Everything the person said. */
  prompt: string;
  /** The tools that the model has called since then. */
  called: string[];
  /** Their results, in the form of the API. */
  toolResults: unknown[];
}

/** The model's output: a text, or a tool call. Hosts merge outputs with the same id. */
export type ModelOutput = { id: string } & ({ text: string } | { tool: string; arguments: Record<string, unknown> });

/** One of the APIs that hosts use for their model. */
export interface Dialect {
  /** Whether a request with this path belongs to it. */
  matches(path: string): boolean;
  read(body: Record<string, unknown>): ModelRequest;
  /** The answer as one JSON value. */
  whole(output: ModelOutput): object;
  /** The same as server-sent events, each with data, and a name if the API uses names. */
  events(output: ModelOutput): { event?: string; data: object | string }[];
  /** Whether the answer must be sent as events. */
  streams(path: string, body: Record<string, unknown>): boolean;
}

/** The objects in a list, which each API has in a different place. */
export const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];

/** The text of a message's content, which is a string or parts with text. */
export const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
        .join('\n');
