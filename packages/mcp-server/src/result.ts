import type * as z from 'zod';
import type { Tool } from './tool.ts';

/** The result of a call as MCP has it. Some hosts show their model the text alone, some the structure alone. */
export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** The whole of a value in both forms. */
export function valueResult<Output extends z.ZodObject>(
  tool: Pick<Tool<z.ZodObject, Output>, 'text' | 'failed'>,
  value: z.input<Output>,
): ToolResult {
  return {
    content: (tool.text?.(value) ?? [JSON.stringify(value)]).map(textBlock),
    structuredContent: value,
    ...(tool.failed?.(value) && { isError: true }),
  };
}

/** A failure: what failed and what to do, as blocks of text. It has no structure, since hosts that show only that would hide the text. */
export const failureResult = (...texts: string[]): ToolResult => ({ content: texts.map(textBlock), isError: true });

const textBlock = (text: string) => ({ type: 'text', text }) as const;
