/** How each host is told to start a server: a file to edit, or a command to run. */
import { type AgentHost, agentHosts, type HostRow, SERVER } from './agent-hosts.ts';
import { installCommand, launchByNpx, launchInstalled, type ServerSettings } from './launch.ts';
import { shellWord } from './shell-word.ts';
import { yaml } from './yaml.ts';

export interface HostConfig {
  /** Name of the host, for people. */
  title: string;
  /** Where the text goes. */
  place: string;
  language: 'json' | 'yaml' | 'sh';
  text: string;
  /** What has to be run before. */
  install?: string;
  /** What else one has to know. */
  note?: string;
}

/** The lines that make one host start the server. */
export function hostConfig(host: AgentHost, settings: ServerSettings = {}): HostConfig {
  const { platform = 'linux' } = settings;
  const row = agentHosts[host];
  const { title, place, hurries, command } = row;
  const note = [row.note, row.afterwards].filter(Boolean).join(' ');
  const launch = hurries ? launchInstalled(settings) : launchByNpx(settings);
  const told = { title, place, ...(note !== '' && { note }), ...(hurries && { install: installCommand }) };
  if (command) {
    const text = command(launch).map((word) => shellWord(word, platform));
    return { ...told, language: 'sh', text: text.join(' ') };
  }
  const content = contentOf(row, row.entry(launch));
  return row.format === 'yaml'
    ? { ...told, language: 'yaml', text: yaml(content) }
    : { ...told, language: 'json', text: JSON.stringify(content, null, 2) };
}

/** The content of a file that has nothing but the entry. */
function contentOf({ at, isList }: HostRow, entry: object): unknown {
  return at.reduceRight<unknown>((inner, key) => ({ [key]: inner }), isList ? [entry] : { [SERVER]: entry });
}
