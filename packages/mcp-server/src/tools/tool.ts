import type { Ollama } from '@ollama-toolbelt/core';
import type * as z from 'zod';
import type { Confirm } from '../calls/confirm.ts';
import type { Progress } from '../calls/progress.ts';
import type { Link } from '../calls/result.ts';
import type { Session } from '../sessions/session.ts';
import type { FileAccess } from './tool-context.ts';

/** Groups of tools that are switched on together. */
export const toolsets = ['inference', 'models', 'manage', 'web'] as const;
export type Toolset = (typeof toolsets)[number];

/** What a server has to offer for a tool or a field of one. */
export type Need = 'sessions' | 'files';

/** What there is of an answer while it is being made. */
export interface SoFar<Value = Record<string, unknown>> {
  value(): Value;
  /** Whether that is worth ending the call for, where the rest could not be collected later. */
  isWorthIt?(): boolean;
}

/** What a call gets besides its arguments. */
export interface ToolContext<Value = Record<string, unknown>> {
  ollama: Ollama;
  /** Aborts when the client cancels the call or leaves. */
  signal: AbortSignal;
  progress: Progress;
  confirm: Confirm;
  /** What is kept between calls; nothing where nothing is. */
  session: Session | undefined;
  /** Nothing where no folder is allowed. */
  files: FileAccess | undefined;
  /** A result of any size is welcome. */
  isUncapped: boolean;
  /** Time that a call may take; 0 for any. */
  budgetMs: number;
  /** Begins the time of the budget: past it the call answers with what there is so far. */
  partial(soFar: SoFar<Value>): void;
  /** An error as the lines that a result would have; throws what is a bug, and what is no failure but an abort. */
  explain(error: unknown): Promise<string>;
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
  /** Descriptions that fields have where files can be read. */
  withFiles?: Readonly<Record<string, string>>;
  /** Which of the configured default models stands in for a `model` that is left out. */
  defaultModel?: 'chat' | 'embed';
  run(args: z.output<Input>, context: ToolContext<z.input<Output>>): Promise<z.input<Output>>;
  /** The same value as text for people and models, complete; JSON where it is not given. */
  text?(value: z.input<Output>): string[];
  /** Resources with more than the value says. */
  links?(value: z.input<Output>): Link[];
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
