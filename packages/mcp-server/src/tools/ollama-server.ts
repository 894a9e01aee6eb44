import type { Ollama } from '@ollama-toolbelt/core/neutral';

/** An Ollama server that calls go to. */
export interface OllamaServer {
  /** What stands before the names of its models; nothing if it is the only server. */
  readonly name: string | undefined;
  readonly ollama: Ollama;
}

/** A model as clients see and write it: `gpu/llama3.2` if there are several servers. */
export const shownModel = ({ name }: OllamaServer, model: string): string =>
  name === undefined ? model : `${name}/${model}`;
