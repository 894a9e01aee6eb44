import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../../loopback.ts';

/** The variables that name proxies, as curl and Go read them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a server, from HTTP_PROXY, HTTPS_PROXY and NO_PROXY in either case of letters; nothing for this machine
 * itself, whatever they say, as Ollama's own client does it.
 */
export function proxyFromEnvironment(url: string, env: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const proxy = variable(env, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === undefined || isLoopback(host)) return undefined;
  const portOfUrl = port || (protocol === 'https:' ? '443' : '80');
  if ((variable(env, 'NO_PROXY') ?? '').split(/[\s,]+/).some((entry) => matches(entry, host, portOfUrl))) {
    return undefined;
  }
  return withScheme(proxy);
}

/** An address without a scheme is one of plain http. */
export const withScheme = (proxy: string) => (proxy.includes('://') ? proxy : `http://${proxy}`);

const variable = (env: Environment, name: string) => env[name]?.trim() || env[name.toLowerCase()]?.trim() || undefined;

/** One entry of NO_PROXY: `*`, a domain and all below it, an address, a network (`10.0.0.0/8`), each with a port or not. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const network = /^([0-9a-f.:]+)\/(\d+)$/i.exec(entry);
  if (network) return isWithin(host, network[1] ?? '', Number(network[2]));
  const withPort = isIP(entry) === 6 ? null : /^(.*):(\d+)$/.exec(entry);
  if (withPort && withPort[2] !== port) return false;
  const name = (withPort?.[1] ?? entry)
    .replace(/^\[|\]$/g, '')
    .replace(/^\*?\./, '')
    .toLowerCase();
  return host === name || host.endsWith(`.${name}`);
}

function isWithin(host: string, address: string, prefix: number): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(host) !== isIP(address) || isIP(address) === 0 || prefix > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return list.check(host, family);
}
