import { type AgentHost, agentHosts } from '../agent-hosts.ts';
import { launchByNpx, launchInstalled, type ServerSettings } from '../launch.ts';

export interface EntryRequest {
  remove: boolean;
  settings: ServerSettings;
  /** Variables that come from our settings. Others in an entry were added by the person. */
  ownVariables: readonly string[];
  /** Whether the command is installed, so npx is not needed. */
  isInstalled: boolean;
}

type Entry = Readonly<Record<string, unknown>>;

const launchOf = (entry: Entry): string => JSON.stringify([entry['command'], entry['args']]);

/** Whether an entry starts the published package, whatever its name. */
export const startsPackage = (entry: Entry): boolean =>
  /ollama-toolbelt[\\/]+mcp-server|ollama-toolbelt-mcp/.test(launchOf(entry));

/** Whether an entry with our name starts this server. */
export const isOurs = (entry: Entry): boolean =>
  startsPackage(entry) || /mcp-server[\\/]+dist[\\/]+cli\.js/.test(launchOf(entry));

/** The fields written here. Other fields of an entry were added by the person. */
const OWN_FIELDS = ['name', 'type', 'command', 'args', 'env', 'environment', 'required'];
/** The entry of a host with these settings. Keeps what the person has added to the existing one. */
export function changedEntry(
  host: AgentHost,
  present: Entry,
  { settings, ownVariables, isInstalled }: EntryRequest,
): { entry: Entry; needsInstall: boolean } {
  const { hurries, waiting, entry } = agentHosts[host];
  const byCommand = hurries === true && (isInstalled || waiting === undefined);
  const fresh: Entry = {
    ...entry(byCommand ? launchInstalled(settings) : launchByNpx(settings)),
    ...(hurries && !byCommand && waiting),
  };
  const variables = ['env', 'environment'].find((name) => name in fresh || name in present);
  const env = variables && { ...theirs(present[variables], ownVariables), ...(fresh[variables] as object | undefined) };
  return {
    entry: {
      ...fresh,
      ...(variables && env && Object.keys(env).length > 0 && { [variables]: env }),
      ...Object.fromEntries(Object.entries(present).filter(([name]) => !OWN_FIELDS.includes(name))),
    },
    needsInstall: byCommand && !isInstalled,
  };
}

function theirs(variables: unknown, own: readonly string[]): object {
  const all = typeof variables === 'object' && variables !== null ? variables : {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name)));
}
