/** What a host asks of its model, whichever API it speaks. */
export interface Asked {
  /** Names of the tools that the model may call, as the host names them. */
  tools: string[];
  /** Everything the person said. */
  prompt: string;
  /** The tools that the model has called since then. */
  called: string[];
  /** What came back from them, as the API carries it. */
  toolResults: unknown[];
}

/** What the model says: a text, or the call of a tool. Hosts merge what has the same id. */
export type Said = { id: string } & ({ text: string } | { tool: string; arguments: Record<string, unknown> });

/** One API that hosts reach their model through. */
export interface Dialect {
  /** Whether a request of this path is for it. */
  matches(path: string): boolean;
  read(body: Record<string, unknown>): Asked;
  /** The answer as one JSON value. */
  whole(said: Said): object;
  /** The same as server-sent events: each a name, if the API has names, and its data. */
  events(said: Said): { event?: string; data: object | string }[];
  /** Whether the answer has to come as events. */
  streams(path: string, body: Record<string, unknown>): boolean;
}

/** The parts of a list that every API has in another place. */
export const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? (value as Record<string, unknown>[]) : [];

/** The text of a message's content: a string, or parts with a text. */
export const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
        .join('\n');
