import type * as z from 'zod';
import type { ToolContext } from './tool-context.ts';

/** Groups of tools that are enabled together. */
export const toolsets = ['inference', 'models', 'manage', 'web'] as const;
export type Toolset = (typeof toolsets)[number];

/** Scopes of access tokens: to read, to run models, to change installed models. No scope includes another. */
export const allScopes = ['ollama:read', 'ollama:run', 'ollama:manage'] as const;
export type Scope = (typeof allScopes)[number];

/**
 * Features that not every server has: a session between calls, files in allowed folders, folders for output, one Ollama
 * server or several. A tool with a field that writes is read-only in calls without that field.
 */
export type Need = 'session' | 'files' | 'output' | 'oneServer' | 'servers';

/** The effects of a tool. Hosts show or check all of these before a call, so all are required. */
export interface ToolAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

/**
 * One tool as data. It does not depend on MCP: `run` returns the structured value or throws, and `calls/` turns that
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
  /** Any one of these scopes is enough to call it. @default the scope of the toolset */
  scopes?: readonly Scope[];
  /**
   * Which of several Ollama servers handles a call:
   * - a list of the arguments that name models: the server that has the first of these models
   * - `first`: the first server that answers
   * - `own`: the tool chooses from the servers in its context, or uses none
   *
   * @default ['model']
   */
  server?: readonly string[] | 'first' | 'own';
  /** The tool is not offered if the server does not have this. */
  needs?: Need;
  /** Fields of input and output that are left out if the server does not have what they need. */
  fieldNeeds?: Readonly<Record<string, Need>>;
  /** Descriptions of fields if files can be read. */
  withFiles?: Readonly<Record<string, string>>;
  /** Whether hosts that support pages show the page of models with its result. */
  hasPage?: boolean;
  /** Which configured default model to use if `model` is omitted. */
  defaultModel?: 'chat' | 'embed';
  /** Models named outside the model arguments of a call, as values for those arguments. */
  named?(args: z.output<Input>): Partial<z.output<Input>>;
  run(args: z.output<Input>, context: ToolContext<z.input<Output>>): Promise<z.input<Output>>;
  /** The complete value as text for people and models. @default JSON */
  text?(value: z.input<Output>): string[];
  /** How many characters of each text come before the part in the value, for a tool that returns text in parts. */
  skipped?(value: z.input<Output>): number;
  /** Whether a value is a failure, for a tool whose failure has a structure too. */
  failed?(value: z.input<Output>): boolean;
}

/** Everything about a tool that is known before it is called, except its schemas. */
export type ToolFacts = Omit<Tool, 'input' | 'output' | 'run' | 'text' | 'skipped' | 'failed'>;

/** Infers the types of a tool from its schemas. */
export const defineTool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> => tool;

/** Annotations of a tool that changes nothing on the Ollama server and contacts no other server. */
export const readOnly = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const satisfies ToolAnnotations;
