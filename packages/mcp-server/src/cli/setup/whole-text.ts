/** Changes the whole text of a file, and checks each change by parsing the result. */
import { isDeepStrictEqual } from 'node:util';
import { type AgentHost, agentHosts, type HostRow } from '../agent-hosts.ts';
import { entryPlace, type Path, pathToRemove, sameBesides } from './entry-place.ts';
import type { FileFormat } from './file-format.ts';
import { jsonFormat } from './json-format.ts';
import { tomlFormat } from './toml-format.ts';
import { yamlFormat } from './yaml-format.ts';

const formats: Readonly<Record<HostRow['format'], FileFormat>> = {
  json: jsonFormat,
  toml: tomlFormat,
  yaml: yamlFormat,
};

/** Byte order mark, which some editors on Windows add. */
const MARK = '\ufeff';
const bareOf = (text: string) => (text.startsWith(MARK) ? text.slice(1) : text);
const likewise = (text: string, change: (bare: string) => string) =>
  text.startsWith(MARK) ? MARK + change(text.slice(1)) : change(text);

/** @throws Error with the line that is not valid. */
export function parsed(host: AgentHost, text: string): unknown {
  const { format } = agentHosts[host];
  try {
    return formats[format].parse(bareOf(text));
  } catch (error) {
    throw new Error(`is not valid ${format.toUpperCase()}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws Error if the text cannot be changed in this way. */
export function put(host: AgentHost, text: string, path: Path, entry: object): string {
  const { format } = agentHosts[host];
  const after = likewise(text, (bare) => formats[format].set(bare, path, entry));
  const settings = readAgain(host, after);
  const isThere = isDeepStrictEqual(entryPlace(settings, agentHosts[host]).entry, entry);
  if (isThere && sameBesides(parsed(host, text), settings, path)) return after;
  throw unable(host);
}

/** @throws Error if the text cannot be changed in this way. */
export function taken(host: AgentHost, text: string, path: Path): string {
  const { format } = agentHosts[host];
  const settings = parsed(host, text);
  const [own, withParents] = [path, pathToRemove(settings, path)].map((one) =>
    likewise(text, (bare) => formats[format].remove(bare, one)),
  ) as [string, string];
  const after = commentsIn(withParents) < commentsIn(own) ? own : withParents;
  const rest = readAgain(host, after);
  if (entryPlace(rest, agentHosts[host]).entry === undefined && sameBesides(settings, rest, path)) return after;
  throw unable(host);
}

/** More than there are, since a text may contain the same characters, but enough to compare. */
const commentsIn = (text: string): number => text.match(/\/\/|\/\*|#/g)?.length ?? 0;

function readAgain(host: AgentHost, text: string): unknown {
  try {
    return parsed(host, text);
  } catch {
    throw unable(host);
  }
}

const unable = (host: AgentHost) =>
  new Error(`has a layout that setup cannot change: edit it yourself, with the lines from --print-config ${host}`);
