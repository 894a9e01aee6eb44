import { plainText, plainValue } from '../tools/plain-text.ts';
import type { Tool } from '../tools/tool.ts';
import { capped } from './result-size.ts';

/** A resource that has the bulk of a result. */
export interface Link {
  uri: string;
  name: string;
  mimeType: string;
}

/** The result of a call as MCP has it. Some hosts show their model the text alone, some the structure alone. */
export interface ToolResult {
  [key: string]: unknown;
  content: ({ type: 'text'; text: string } | ({ type: 'resource_link' } & Link))[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** The whole of a value in both forms; of one that would flood a context, as much as fits. */
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

/** A failure: what failed and what to do, as blocks of text. It has no structure, since hosts that show only that would hide the text. */
export const failureResult = (...texts: string[]): ToolResult => ({
  content: texts.map(plainText).map(textBlock),
  isError: true,
});

const textBlock = (text: string) => ({ type: 'text', text }) as const;
