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

/** Whether an entry starts this server. */
export const isOurs = (entry: Entry): boolean =>
  /ollama-toolbelt[\\/]+mcp-server|ollama-toolbelt-mcp|mcp-server[\\/]+dist[\\/]+cli\.js/.test(
    JSON.stringify([entry['command'], entry['args']]),
  );

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
