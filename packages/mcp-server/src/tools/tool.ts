import type * as z from 'zod';
import type { ToolContext } from './tool-context.ts';

/** Groups of tools that are switched on together. */
export const toolsets = ['inference', 'models', 'manage', 'web'] as const;
export type Toolset = (typeof toolsets)[number];

/** What an access token may allow: to look, to let models work, to change what is installed. None includes another. */
export const allScopes = ['ollama:read', 'ollama:run', 'ollama:manage'] as const;
export type Scope = (typeof allScopes)[number];

/**
 * What not every server has: a session that keeps things between calls, files of allowed folders, folders for what calls
 * write, one Ollama server or several. A tool with a field that writes is read-only only in calls that leave it out.
 */
export type Need = 'session' | 'files' | 'output' | 'oneServer' | 'servers';

/** What a tool does to its surroundings. A host shows or checks these before a call, so none may be left out. */
export interface ToolAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

/**
 * One tool as data: it knows Ollama and nothing of MCP. `run` gives the structured value or throws; `calls/` turns that
 * into a result.
 */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  name: `ollama_${string}`;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: ToolAnnotations;
  toolset: Toolset;
  /** Scopes of an access token, any one of which is enough to call it. @default that of the toolset */
  scopes?: readonly Scope[];
  /**
   * If there are several Ollama servers, which of them works on a call:
   * - a list: the one that has the model; the arguments that name models, the first of which is looked for
   * - `first`: the first that answers
   * - `own`: the tool asks those in its context itself, or none
   *
   * @default ['model']
   */
  server?: readonly string[] | 'first' | 'own';
  /** The tool is left out if the server does not have this. */
  needs?: Need;
  /** Fields of input and output that are left out if the server does not have what they need. */
  fieldNeeds?: Readonly<Record<string, Need>>;
  /** Descriptions that fields have if files can be read. */
  withFiles?: Readonly<Record<string, string>>;
  /** Hosts that show pages show the one of the models with its result. */
  hasPage?: boolean;
  /** Which of the configured default models stands in for a `model` that is left out. */
  defaultModel?: 'chat' | 'embed';
  /** Models that a call names elsewhere than in the arguments for them, as those arguments. */
  named?(args: z.output<Input>): Partial<z.output<Input>>;
  run(args: z.output<Input>, context: ToolContext<z.input<Output>>): Promise<z.input<Output>>;
  /** The same value as text for people and models, complete. @default JSON */
  text?(value: z.input<Output>): string[];
  /** How many characters of each text come before what a value has of it, for a tool that reads on in a text. */
  skipped?(value: z.input<Output>): number;
  /** Whether a value is a failure, for a tool whose failure has a structure too. */
  failed?(value: z.input<Output>): boolean;
}

/** What there is to know of a tool before it is called, but for its schemas. */
export type ToolFacts = Omit<Tool, 'input' | 'output' | 'run' | 'text' | 'skipped' | 'failed'>;

/** Makes the types of a tool follow from its schemas. */
export const defineTool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> => tool;

/** Annotations of a tool that changes nothing on the Ollama server and asks no one else. */
export const readOnly = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const satisfies ToolAnnotations;
