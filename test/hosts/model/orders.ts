import type { ModelOutput, ModelRequest } from './dialect.ts';

/** The words in a prompt that make the scripted model call a tool. */
export const order = (tool: string, args: Record<string, unknown>): string =>
  `Please CALL ${tool} ${JSON.stringify(args)} END`;

/**
 * The output of the scripted model for all requests so far. It calls the tool in the last order, then ends its turn
 * with a fixed sentence. So requests by the host itself (a title, a summary) do no harm.
 */
export function sayTo(requests: readonly ModelRequest[]): ModelOutput {
  const id = `call_${requests.length}`;
  const question = requests.at(-1);
  const [, wanted, json] = [...(question?.prompt ?? '').matchAll(/CALL (\S+) (\{.*?\}) END/gs)].at(-1) ?? [];
  if (question === undefined || wanted === undefined || json === undefined) return { id, text: 'That is all.' };
  const next = step(question, wanted, JSON.parse(json) as Record<string, unknown>, nameFound(requests, wanted));
  return typeof next === 'string' ? { id, text: next } : { id, ...next };
}

function step(
  { tools, called }: ModelRequest,
  wanted: string,
  args: Record<string, unknown>,
  found: string | undefined,
) {
  // Hosts prefix it with the name of the server: mcp__ollama__ollama_chat.
  const isWanted = (name: string) => name.endsWith(wanted);
  if (called.some(isWanted) || called.includes('tool_call')) return 'That is all.';
  const tool = tools.find(isWanted);
  if (tool !== undefined) return { tool, arguments: args };
  // Some hosts only show a model the tools of servers after it has searched for them.
  if (found !== undefined && tools.includes('tool_call'))
    return { tool: 'tool_call', arguments: { name: found, arguments: args } };
  const search = tools.find((name) => /^tool_?search$/i.test(name));
  if (search === undefined || called.includes(search)) return `I have no ${wanted}.`;
  return { tool: search, arguments: { query: `+${wanted}` } };
}

/** The full name of a tool, from an earlier search. */
const nameFound = (requests: readonly ModelRequest[], wanted: string) =>
  new RegExp(`\\w+__${wanted}`).exec(JSON.stringify(requests.map(({ toolResults }) => toolResults)))?.[0];
