import type { Tool } from '../tools/tool.ts';

/**
 * The arguments that a client really gives. Some (mcp-use) send null for every optional one that the model left out,
 * which means the same as nothing.
 */
export function givenArguments({ input }: Pick<Tool, 'input'>, args: unknown): unknown {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return args;
  const isLeftOut = ([name, value]: [string, unknown]) =>
    value === null && Object.hasOwn(input.shape, name) && input.shape[name]?.safeParse(undefined).success === true;
  return Object.fromEntries(Object.entries(args).filter((entry) => !isLeftOut(entry)));
}
