import { closestNames } from '@ollama-toolbelt/core/neutral';
import { type ToolFacts, type Toolset, toolsets } from '../tools/tool.ts';

/** The user's choice of tools. */
export interface ToolSelection {
  /** @default inference and models, or none if single tools are named */
  toolsets?: readonly string[];
  /** Single tools, in addition to the toolsets. */
  tools?: readonly string[];
  excludeTools?: readonly string[];
  /** Only tools that change nothing; overrides the other choices. */
  readOnly?: boolean;
}

const byDefault: readonly Toolset[] = ['inference', 'models'];

/** The problem with the name of a toolset, if any: one line with the valid names. */
export function toolsetProblem(name: string): string | undefined {
  if ((toolsets as readonly string[]).includes(name)) return undefined;
  return `There is no toolset ${name}. There are: ${toolsets.join(', ')}.`;
}

/** The same for the name of a tool. */
export function toolProblem(name: string, tools: readonly Pick<ToolFacts, 'name'>[]): string | undefined {
  const names = tools.map((tool) => tool.name);
  if ((names as readonly string[]).includes(name)) return undefined;
  const [near] = closestNames(name, names, 1);
  const guess = near === undefined ? '' : ` Did you mean ${near}?`;
  return `There is no tool ${name}.${guess} There are: ${names.join(', ')}.`;
}

/**
 * The chosen tools, in the order of the list of all tools.
 *
 * @throws Error if a name does not exist.
 */
export function selectTools<Chosen extends ToolFacts>(tools: readonly Chosen[], selection: ToolSelection): Chosen[] {
  const { toolsets: sets = [], tools: single = [], excludeTools = [], readOnly = false } = selection;
  const problem =
    sets.map(toolsetProblem).find(Boolean) ??
    [...single, ...excludeTools].map((name) => toolProblem(name, tools)).find(Boolean);
  if (problem !== undefined) throw new Error(problem);
  const chosen: readonly string[] = sets.length > 0 ? sets : single.length > 0 ? [] : byDefault;
  return tools.filter(
    ({ name, toolset, annotations }) =>
      (chosen.includes(toolset) || single.includes(name)) &&
      !excludeTools.includes(name) &&
      (!readOnly || annotations.readOnlyHint),
  );
}
