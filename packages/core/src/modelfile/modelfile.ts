import { type ErrorDetails, OllamaError } from '../errors/errors.ts';

/** Commands with a single text. */
export const plainCommands = [
  'from',
  'adapter',
  'draft',
  'template',
  'system',
  'license',
  'renderer',
  'parser',
  'requires',
] as const;
export type PlainCommand = (typeof plainCommands)[number];

export const messageRoles = ['system', 'user', 'assistant'] as const;
export type MessageRole = (typeof messageRoles)[number];

/** Where a command was read. */
interface CommandPlace {
  /** The line where it begins, counted from 1. */
  line?: number;
  /** How many unprintable characters of its value were dropped, as Ollama does; missing if none were. */
  dropped?: number;
}

/** One command of a Modelfile, its value without the quotes. */
export type ModelfileCommand = CommandPlace &
  (
    | { name: PlainCommand; value: string }
    | { name: 'parameter'; parameter: string; value: string }
    | { name: 'message'; role: MessageRole; value: string }
  );

/** The commands of a Modelfile, in order. */
export interface Modelfile {
  commands: ModelfileCommand[];
}

/** The value of FROM, ADAPTER or DRAFT: a model, a file or a folder. */
export interface Reference {
  value: string;
  line?: number | undefined;
}

export interface References {
  from: Reference[];
  adapter: Reference[];
  draft: Reference[];
}

/** An error in a Modelfile; its message contains the line, if there is one. */
export function badModelfile(
  message: string,
  line?: number,
  hint?: string,
  details: Pick<ErrorDetails, 'command' | 'path' | 'option'> = {},
): OllamaError {
  const place = line === undefined ? 'Modelfile' : `Modelfile (line ${line})`;
  return new OllamaError(`${place}: ${message}`, { code: 'bad_modelfile', hint, line, ...details });
}
