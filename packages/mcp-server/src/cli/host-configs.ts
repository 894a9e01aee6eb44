/** How to add the server to each host: edit a file, or run a command. */
import { type AgentHost, agentHosts, type HostRow, SERVER } from './agent-hosts.ts';
import { installCommand, launchByNpx, launchInstalled, type ServerSettings } from './launch.ts';
import { shellWord } from './shell-word.ts';
import { yaml } from './yaml.ts';

export interface HostConfig {
  /** Name of the host, for people. */
  title: string;
  /** The location for the text. */
  place: string;
  language: 'json' | 'yaml' | 'sh';
  text: string;
  /** Command to run first. */
  install?: string;
  /** Additional information. */
  note?: string;
}

/** The settings that make a host start the server. */
export function hostConfig(host: AgentHost, settings: ServerSettings = {}): HostConfig {
  const { platform = 'linux' } = settings;
  const row = agentHosts[host];
  const { title, place, hurries, command } = row;
  const note = [row.note, row.afterwards].filter(Boolean).join(' ');
  const launch = hurries ? launchInstalled(settings) : launchByNpx(settings);
  const shared = { title, place, ...(note !== '' && { note }), ...(hurries && { install: installCommand }) };
  if (command) {
    const text = command(launch).map((word) => shellWord(word, platform));
    return { ...shared, language: 'sh', text: text.join(' ') };
  }
  const content = contentOf(row, row.entry(launch));
  return row.format === 'yaml'
    ? { ...shared, language: 'yaml', text: yaml(content) }
    : { ...shared, language: 'json', text: JSON.stringify(content, null, 2) };
}

/** The content of a file with only the entry. */
function contentOf({ at, isList }: HostRow, entry: object): unknown {
  return at.reduceRight<unknown>((inner, key) => ({ [key]: inner }), isList ? [entry] : { [SERVER]: entry });
}
