import { tools } from '../tools/catalog/index.ts';
import { type ListedSchema, toJsonSchema } from './json-schema.ts';
import type { WithSchemas } from './offered-tools.ts';

/** The facts and schemas of a tool, without the code that runs it. */
export type KnownTool = WithSchemas<ListedSchema>;

/**
 * All tools, in the order in which hosts see them. The build replaces this file with its value as JSON: creating the
 * zod schemas takes longer than the rest of the start, and a server that is never called does not need them.
 */
export const knownTools: readonly KnownTool[] = tools.map(
  ({ input, output, run: _run, text: _text, skipped: _skipped, failed: _failed, ...facts }) => ({
    ...facts,
    input: toJsonSchema(input),
    output: toJsonSchema(output),
  }),
);
