/** Parses several servers: `gpu=http://10.0.0.5:11434,laptop=http://10.0.0.7:11434`. */
import { OllamaError, parseHost } from '@ollama-toolbelt/core/neutral';

/** The address of a server, and its key. */
export interface ServerAddress {
  /** `undefined` if it is the only server and has no name. */
  name: string | undefined;
  host: string;
  /** Sent only to this server; empty for none. */
  apiKey: string;
}

/** No dots, colons or slashes, so a name cannot be a registry such as hf.co. */
const NAME = '[A-Za-z0-9][\\w-]{0,31}';
const NAMED = new RegExp(`^\\s*(${NAME})\\s*=\\s*(.*)$`, 's');
const ONLY_NAME = new RegExp(`^${NAME}$`);
/** Only splits before the next name, because a password may contain a comma. */
const BETWEEN = new RegExp(`,(?=\\s*${NAME}\\s*=)`);

const EXAMPLE = 'gpu=http://10.0.0.5:11434,laptop=http://10.0.0.7:11434';

/** Whether a text starts with the name of a server. */
export const isNamed = (text: string): boolean => NAMED.test(text);

/** One text, or an object with a value for each name. */
export type Written = string | Readonly<Record<string, string>>;

interface Part {
  name: string | undefined;
  value: string;
}

/** The parts of a setting, each with its name. */
function partsOf(written: Written): Part[] {
  if (typeof written !== 'string') {
    const parts = Object.entries(written).map(([name, value]) => ({ name, value }));
    return parts.length > 0 ? parts : [{ name: undefined, value: '' }];
  }
  if (!isNamed(written)) return [{ name: undefined, value: written }];
  return written.split(BETWEEN).map((part) => {
    const [, name, value = part] = NAMED.exec(part) ?? [];
    return { name, value: value.trim() };
  });
}

/** The problem with the address of one or several servers, if any. */
export function addressProblem(written: Written): string | undefined {
  const parts = partsOf(written);
  const names = parts.flatMap(({ name }) => (name === undefined ? [] : [name.toLowerCase()]));
  const odd = names.find((name) => !ONLY_NAME.test(name));
  if (odd !== undefined) return `${odd} cannot be the name of a server: take letters, digits, _ and -.`;
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return `Two servers have the name ${twice}.`;
  // This name would hide the models of Ollama's own library.
  if (names.includes('library'))
    return 'A server cannot have the name library: models of Ollama have it before theirs.';
  for (const { name, value } of parts) {
    if (value.slice(value.lastIndexOf('@') + 1).includes(','))
      return `Each of several servers needs a name: ${EXAMPLE}.`;
    const problem = hostProblem(value);
    if (problem !== undefined) return name === undefined ? problem : `${name}: ${problem}`;
  }
  return undefined;
}

/** The same for a single address in the form of OLLAMA_HOST. */
export function hostProblem(host: string): string | undefined {
  try {
    parseHost(host);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof OllamaError)) throw cause;
    return [cause.message, cause.hint].filter(Boolean).join(' ');
  }
}

/**
 * The servers of a setting without problems, with their keys. A single server gets the key as it is. If there are
 * several, each gets the key with its name, and a key without a name is only for ollama.com.
 *
 * @throws Error if a key names no server.
 */
export function serverAddresses(hosts: Written, keys: Written = ''): [ServerAddress, ...ServerAddress[]] {
  const [first, ...others] = partsOf(hosts);
  const servers = [first!, ...others];
  const keyed = keysFor(servers, keys);
  const address = ({ name, value: host }: Part): ServerAddress => {
    const takesPlain = servers.length === 1 || isCloud(host);
    const key = typeof keyed === 'string' ? takesPlain && keyed : keyed.find((one) => isSame(one.name, name))?.value;
    return { name, host, apiKey: key || '' };
  };
  return [address(first!), ...others.map(address)];
}

/** The keys with the names of their servers, or a single key. */
function keysFor(servers: readonly Part[], keys: Written): string | Part[] {
  const isKnown = ({ name }: Part) => name !== undefined && servers.some((server) => isSame(server.name, name));
  const parts = partsOf(keys);
  // A key may look like `name=key` by chance.
  if (typeof keys === 'string' && !isKnown(parts[0]!)) return keys;
  const unknown = parts.find((part) => part.value !== '' && !isKnown(part));
  if (unknown === undefined) return parts;
  const names = servers.map(({ name }) => name).join(', ');
  throw new Error(`There is a key for ${unknown.name}, which is not one of the servers: ${names}.`);
}

const isSame = (one: string | undefined, other: string | undefined) => one?.toLowerCase() === other?.toLowerCase();

const isCloud = (host: string) => /^https:\/\/ollama\.com(:443)?(\/|$)/.test(parseHost(host).url);
