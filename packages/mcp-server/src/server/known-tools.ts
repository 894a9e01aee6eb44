import { tools } from '../tools/catalog/index.ts';
import { type ListedSchema, toJsonSchema } from './json-schema.ts';
import type { WithSchemas } from './offered-tools.ts';

/** A tool as far as it is known without the code that runs it. */
export type KnownTool = WithSchemas<ListedSchema>;

/**
 * All tools, in the order in which hosts see them. The build puts this value in the place of this file, as JSON: zod takes
 * longer to make the schemas than the rest of the start, and a server that is never called needs none of them.
 */
export const knownTools: readonly KnownTool[] = tools.map(
  ({ input, output, run: _run, text: _text, skipped: _skipped, failed: _failed, ...facts }) => ({
    ...facts,
    input: toJsonSchema(input),
    output: toJsonSchema(output),
  }),
);
