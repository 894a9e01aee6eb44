import { type OllamaServer, shownModel } from '../tools/ollama-server.ts';
import { Refusal } from '../tools/refusal.ts';
import type { Tool } from '../tools/tool.ts';
import type { Confirm, Progress, SoFar, ToolContext } from '../tools/tool-context.ts';
import type { OllamaServers, Place } from './ollama-servers.ts';

type Value = Record<string, unknown>;

/** Sends each call of a tool to the server that has its model. The tool sees model names without a server name. */
export function routedTool(tool: Tool, servers: OllamaServers): Tool {
  const { server: by = ['model'] } = tool;
  if (by === 'own' || !servers.haveNames) return tool;
  const fields = by === 'first' ? [] : by;
  return {
    ...tool,
    async run(written, context) {
      const args = { ...written, ...tool.named?.(written) };
      const { server, own } = await placeOf(args, fields, servers, context);
      const shown = (value: Value) => withServer(value, fields, server);
      try {
        return shown(await tool.run({ ...args, ...own }, at(server, context, servers, shown)));
      } catch (error) {
        throw servers.mark(error, server);
      }
    },
  };
}

/** The server for a call, and the names of its models on that server. */
async function placeOf(
  args: Value,
  fields: readonly string[],
  servers: OllamaServers,
  { session, signal }: ToolContext,
): Promise<{ server: OllamaServer; own: Value }> {
  const given = fields.flatMap((field) => {
    const written = args[field];
    return typeof written === 'string' ? [{ field, written, ...servers.cut(written) }] : [];
  });
  const own = Object.fromEntries(given.map(({ field, model }) => [field, model]));
  const named = given.flatMap(({ server, written }) => (server ? [{ server, written }] : []));
  const [first, ...others] = named;
  const other = others.find(({ server }) => server !== first?.server);
  if (first && other) {
    throw new Refusal(
      `${first.written} and ${other.written} are on different servers.`,
      'A call works on one of them.',
    );
  }
  if (first) return { server: first.server, own };
  const { conversation } = args;
  const kept = typeof conversation === 'string' ? session?.conversations.get(conversation) : undefined;
  const preferred = servers.all.find(({ ollama }) => ollama === kept?.ollama);
  const found: Place = await servers.find(given[0]?.written, { signal, preferred });
  return { server: found.server, own };
}

/** The context of a tool on one server. Its messages to a person name that server. */
function at(
  server: OllamaServer,
  context: ToolContext,
  servers: OllamaServers,
  shown: (value: Value) => Value,
): ToolContext {
  const { ollama } = server;
  const own: Pick<ToolContext, 'server' | 'ollama' | 'partial' | 'explain'> = {
    server,
    ollama,
    partial: ({ value, ...more }: SoFar) => context.partial({ ...more, value: () => shown(value()) }),
    explain: (error) => context.explain(servers.mark(error, server)),
  };
  if (server.name === undefined) return { ...context, ...own };
  return {
    ...context,
    ...own,
    confirm: confirmOn(server, context.confirm),
    progress: progressOf(server, context.progress),
  };
}

const progressOf = ({ name }: OllamaServer, progress: Progress): Progress => ({
  report: (done, message, more) => progress.report(done, `${name}: ${message}`, more),
});

const confirmOn =
  (server: OllamaServer, confirm: Confirm): Confirm =>
  ({ question, name, ...action }) =>
    confirm({ ...action, question: `On the server ${server.name}: ${question}`, name: shownModel(server, name) });

/** Adds the name of the server to the model names in a result. */
function withServer(value: Value, fields: readonly string[], server: OllamaServer): Value {
  if (server.name === undefined) return value;
  const shown = (part: Value): Value =>
    Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [
        key,
        fields.includes(key) && typeof inner === 'string' ? shownModel(server, inner) : inner,
      ]),
    );
  const { answers } = value;
  return { ...shown(value), ...(Array.isArray(answers) && { answers: answers.map(shown) }) };
}
