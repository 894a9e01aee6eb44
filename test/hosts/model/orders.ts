import type { Asked, Said } from './asked.ts';

/** The words that make the scripted model call a tool when a person says them. */
export const order = (tool: string, args: Record<string, unknown>): string =>
  `Please CALL ${tool} ${JSON.stringify(args)} END`;

/**
 * What the scripted model says. It calls what the last order names, and ends its turn with a fixed sentence when that
 * has been done. So the model needs no state, and what a host asks for itself (a title, a summary) disturbs nothing.
 */
export function sayTo(asked: Asked, id: string): Said {
  const [, wanted, json] = [...asked.prompt.matchAll(/CALL (\S+) (\{.*?\}) END/gs)].at(-1) ?? [];
  if (wanted === undefined || json === undefined) return { id, text: 'That is all.' };
  const next = step(asked, wanted, JSON.parse(json) as Record<string, unknown>);
  return typeof next === 'string' ? { id, text: next } : { id, ...next };
}

function step({ tools, called, toolResults }: Asked, wanted: string, args: Record<string, unknown>) {
  // Hosts put the name of the server before it: mcp__ollama__ollama_chat.
  const isWanted = (name: string) => name.endsWith(wanted);
  if (called.some(isWanted) || called.includes('tool_call')) return 'That is all.';
  const tool = tools.find(isWanted);
  if (tool !== undefined) return { tool, arguments: args };
  // Some hosts show a model the tools of servers only when it looks for them.
  const search = tools.find((name) => /^tool_?search$/i.test(name));
  if (search === undefined) return `I have no ${wanted}.`;
  const found = new RegExp(`\\w+__${wanted}`).exec(JSON.stringify(toolResults))?.[0];
  if (found === undefined || !tools.includes('tool_call'))
    // It finds nothing while the host refreshes its list.
    return called.length < 5 ? { tool: search, arguments: { query: `+${wanted}` } } : `I find no ${wanted}.`;
  return { tool: 'tool_call', arguments: { name: found, arguments: args } };
}
