import { BlockList, isIP } from 'node:net';
import { OllamaError } from '../../errors/errors.ts';
import { isLoopback } from '../../loopback.ts';

/** The environment variables that name proxies, as curl and Go read them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a server, from HTTP_PROXY, HTTPS_PROXY and NO_PROXY in upper or lower case. There is never one for this
 * machine itself, as in Ollama's own client.
 */
export function proxyFromEnvironment(url: string, env: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const host = bare(hostname);
  const proxy = variable(env, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === undefined || isLoopback(host)) return undefined;
  const portOfUrl = port || (protocol === 'https:' ? '443' : '80');
  if ((variable(env, 'NO_PROXY') ?? '').split(/[\s,]+/).some((entry) => matches(entry, host, portOfUrl))) {
    return undefined;
  }
  return proxyAddress(proxy);
}

/**
 * The address of a proxy; without a scheme it means plain http.
 *
 * @throws OllamaError `bad_request` if it cannot be read. The error does not contain the address, which may hold a
 * password.
 */
export function proxyAddress(text: string): string {
  const address = text.includes('://') ? text : `http://${text}`;
  const authority = address.indexOf('://') + 3;
  const end = address.slice(authority).search(/[/?#\\]/);
  if (end >= 0 && address.slice(authority + end).includes('@')) throw badProxy('has an "@" after a "/", "?" or "#"');
  if (!isReadable(address)) throw badProxy('cannot be read');
  return address;
}

/** undici decodes the credentials, and fails on a "%" that is not part of an escape. */
function isReadable(address: string): boolean {
  try {
    const { username, password, hostname } = new URL(address);
    decodeURIComponent(username + password);
    return hostname !== '';
  } catch {
    return false;
  }
}

const badProxy = (what: string) =>
  new OllamaError(`The address of the proxy ${what}.`, {
    code: 'bad_request',
    option: 'proxy',
    hint: 'Give it like http://proxy.example.com:3128, https://… or socks5://… (the option proxy, or HTTP_PROXY and HTTPS_PROXY). In a user name or a password, write "%" as %25, "@" as %40, "/" as %2F, "?" as %3F and "#" as %23.',
  });

/**
 * The address of a proxy that is supported.
 *
 * @throws OllamaError `bad_request` for any other kind, without the address, which may hold a password.
 */
export function checkedProxy(proxy: string | undefined): string | undefined {
  if (proxy === undefined) return undefined;
  const { protocol } = new URL(proxy);
  if (/^(https?|socks5h?|socks):$/.test(protocol)) return proxy;
  // Any other word before "://" may be a password in the wrong place.
  const kind = /^(socks4a?|ftp|wss?|pac(\+https?)?|file|unix|h2|quic):$/.test(protocol) ? ` (${protocol}//)` : '';
  throw new OllamaError(`The proxy is of a kind that is not supported${kind}.`, {
    code: 'bad_request',
    hint: 'Give it like http://proxy.example.com:3128, https://… or socks5://… (the option proxy, or HTTP_PROXY and HTTPS_PROXY); proxy: false goes without.',
    option: 'proxy',
  });
}

const variable = (env: Environment, name: string) => env[name]?.trim() || env[name.toLowerCase()]?.trim() || undefined;

/**
 * One entry of NO_PROXY: `*`, a domain and its subdomains, an address, or a network (`10.0.0.0/8`), each with or
 * without a port.
 */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const network = /^([0-9a-f.:]+)\/(\d+)$/i.exec(entry);
  if (network) return isWithin(host, network[1] ?? '', Number(network[2]));
  const withPort = isIP(entry) === 6 ? null : /^(.*):(\d+)$/.exec(entry);
  if (withPort && withPort[2] !== port) return false;
  const name = canonical((withPort?.[1] ?? entry).replace(/^\[|\]$/g, '').replace(/^\*?\./, ''));
  return host === name || host.endsWith(`.${name}`);
}

/** As a URL has it: in lower case, an international name in ASCII, an address in its shortest form. */
function canonical(name: string): string {
  try {
    return bare(new URL(`http://${isIP(name) === 6 ? `[${name}]` : name}`).hostname);
  } catch {
    return name.toLowerCase();
  }
}

/** Without the brackets of an address, and without the dot that marks a name as complete. */
const bare = (hostname: string) => hostname.replace(/^\[|\]$|\.$/g, '');

function isWithin(host: string, address: string, prefix: number): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(host) !== isIP(address) || isIP(address) === 0 || prefix > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return list.check(host, family);
}
