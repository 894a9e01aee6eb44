import type { Ollama } from '@ollama-toolbelt/core/neutral';

/** An Ollama server that calls go to. */
export interface OllamaServer {
  /** Prefix of its model names; `undefined` if it is the only server. */
  readonly name: string | undefined;
  readonly ollama: Ollama;
}

/** The model name for clients: `gpu/llama3.2` if there are several servers. */
export const shownModel = ({ name }: OllamaServer, model: string): string =>
  name === undefined ? model : `${name}/${model}`;
