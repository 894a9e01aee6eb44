import type { Ollama } from '@ollama-toolbelt/core';
import type * as z from 'zod';
import type { Confirm } from './confirm.ts';
import type { Progress } from './progress.ts';

/** Groups of tools that are switched on together. */
export const toolsets = ['inference', 'models', 'manage', 'web'] as const;
export type Toolset = (typeof toolsets)[number];

/** What a server has to offer for a tool or a field of one. */
export type Need = 'sessions' | 'files';

/** What a call gets besides its arguments. */
export interface ToolContext {
  ollama: Ollama;
  /** Aborts when the client cancels the call or leaves. */
  signal: AbortSignal;
  progress: Progress;
  confirm: Confirm;
}

/** What a tool does to its surroundings. A host shows or checks these before a call, so that none may be left out. */
export interface ToolAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

/**
 * One tool as data: it knows Ollama and nothing of MCP. `run` gives the structured value or throws; making results and
 * errors of it is the business of the server.
 */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  name: `ollama_${string}`;
  title: string;
  description: string;
  input: Input;
  output: Output;
  annotations: ToolAnnotations;
  toolset: Toolset;
  /** The tool is left out where the server does not offer this. */
  needs?: Need;
  /** Fields of input and output that are left out where the server does not offer what they need. */
  fieldNeeds?: Readonly<Record<string, Need>>;
  /** Which of the configured default models stands in for a `model` that is left out. */
  defaultModel?: 'chat' | 'embed';
  run(args: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
  /** The same value as text for people and models, complete; JSON where it is not given. */
  text?(value: z.input<Output>): string[];
  /** Whether a value reports a failure, for a tool whose answer is worth its structure even then. */
  failed?(value: z.input<Output>): boolean;
}

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
