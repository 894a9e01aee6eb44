import { plainText, plainValue } from '../tools/plain-text.ts';
import type { ResourceLink, Tool } from '../tools/tool.ts';
import { capped } from './result-size.ts';

/** The result of a call as MCP has it. Some hosts show their model the text alone, some the structure alone. */
export interface ToolResult {
  [key: string]: unknown;
  content: ({ type: 'text'; text: string } | ({ type: 'resource_link' } & ResourceLink))[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** A value in both forms: all of it, or as much as fits a context. */
export function valueResult(
  tool: Pick<Tool, 'text' | 'failed' | 'links'>,
  value: Record<string, unknown>,
  { isCapped }: { isCapped: boolean },
): ToolResult {
  const plain = plainValue(value);
  const shown = isCapped ? capped(plain) : plain;
  const links = tool.links?.(shown) ?? [];
  return {
    content: [
      ...(tool.text?.(shown) ?? [JSON.stringify(shown)]).map(textBlock),
      ...links.map((link) => ({ type: 'resource_link', ...link }) as const),
    ],
    structuredContent: shown,
    ...(tool.failed?.(shown) && { isError: true }),
  };
}

/** A failure: what failed and what to do. It has no structure: hosts that show only the structure would hide the text. */
export const failureResult = (...texts: string[]): ToolResult => ({
  content: texts.map(plainText).map(textBlock),
  isError: true,
});

const textBlock = (text: string) => ({ type: 'text', text }) as const;
