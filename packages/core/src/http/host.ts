import { OllamaError } from '../errors/errors.ts';
import { base64 } from '../wire/base64.ts';

/** Where a server is, as read from an address in any form `OLLAMA_HOST` may take. */
export interface Host {
  /** Scheme, host, port and path prefix, without a trailing slash; the path of a request is appended unchanged. */
  url: string;
  /** `Basic …`, from credentials in the address. */
  authorization?: string;
  /** Path of the Unix socket of a `unix://` address. */
  socketPath?: string;
}

/**
 * Reads an address as Ollama reads OLLAMA_HOST. Scheme, port and path are optional. A bare address means http and port
 * 11434, `http://` means port 80 and `https://` 443. A port out of range is ignored. An address that only a server can
 * listen on (`0.0.0.0`, `[::]`, `:1234`) means this machine. In addition, credentials become a header, a trailing
 * `/api` or `/v1` is removed, and `unix:///path` is a socket.
 *
 * @throws OllamaError `bad_host` for another scheme, white space or control characters inside, an unclosed `[`, and
 * anything that a URL cannot hold.
 *
 * @example
 * ```ts
 * import { parseHost } from '@ollama-toolbelt/core/node';
 *
 * console.log(parseHost('192.168.1.5').url); // http://192.168.1.5:11434
 * console.log(parseHost('https://example.com/ollama').url); // https://example.com:443/ollama
 * ```
 */
export function parseHost(text: string): Host {
  const address = withoutQuotes(text.trim()).trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for control characters
  if (/[\s\u0000-\u001f\u007f]/.test(address)) throw badHost('has white space or control characters inside');
  if (/^unix:\/\//i.test(address)) return unixHost(address.slice('unix://'.length));

  const { scheme, rest, defaultPort } = cutScheme(address);
  const { userinfo, hostport, path } = cutPath(rest);
  if (hostport.includes('[') !== hostport.includes(']')) throw badHost('has a [ that is not closed');
  const { host, port } = splitPort(hostport, defaultPort);

  const url = `${scheme}://${connectable(host)}:${port}`;
  if (!isWholeAddress(url)) throw badHost('is not a valid address');
  const prefix = withoutSlashes(path).replace(/\/(api|v1)$/, '');
  return {
    url: url + withoutSlashes(prefix),
    ...(!/^:?$/.test(userinfo) && { authorization: basic(userinfo) }),
  };
}

/** Never quotes the address: any part of it may be a password in the wrong place. */
function badHost(what: string, hint = FORM_HINT): OllamaError {
  return new OllamaError(`The address of the Ollama server ${what}.`, { code: 'bad_host', hint });
}

const FORM_HINT =
  'Use a form like 127.0.0.1:11434, http://192.168.1.5:11434, https://example.com/ollama or unix:///run/ollama.sock (OLLAMA_HOST).';

function unixHost(socketPath: string): Host {
  if (!socketPath.startsWith('/')) throw badHost('is a unix:// address without an absolute path');
  return { url: 'http://localhost', socketPath };
}

function cutScheme(address: string): { scheme: string; rest: string; defaultPort: string } {
  const at = address.indexOf('://');
  if (at < 0) {
    if (address === 'ollama.com') return { scheme: 'https', rest: 'ollama.com', defaultPort: '443' };
    return { scheme: 'http', rest: address, defaultPort: '11434' };
  }
  const scheme = address.slice(0, at).toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') throw badHost(`has a scheme other than http, https and unix`);
  return { scheme, rest: address.slice(at + 3), defaultPort: scheme === 'http' ? '80' : '443' };
}

function cutPath(rest: string): { userinfo: string; hostport: string; path: string } {
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const path = end < 0 ? '' : rest.slice(end);
  const at = authority.lastIndexOf('@');
  const hostport = authority.slice(at + 1);
  // If the real address begins after this "@", the part before it would be called as a host and shown as a path.
  if (path.includes('@')) throw badHost('has an "@" after a "/", "?" or "#"', ESCAPE_HINT);
  if (/%40|[\uff20\ufe6b]/.test(hostport)) throw badHost('has an "@" in another spelling', ESCAPE_HINT);
  // It would be read as a user name.
  const userinfo = authority.slice(0, Math.max(at, 0));
  if (/^(https?|unix|wss?):/i.test(userinfo)) throw badHost('has a scheme without "//" after it');
  return { userinfo, hostport, path: path.replace(/[?#].*/, '') };
}

const ESCAPE_HINT =
  'In a user name or a password, write "@" as %40, "/" as %2F, "?" as %3F and "#" as %23; in a path, write "@" as %40.';

/** Whether a URL is only a scheme, a host and a port, with nothing that its parser would read as something else. */
function isWholeAddress(url: string): boolean {
  try {
    const { pathname, username, password, search, hash } = new URL(url);
    // Stryker disable next-line ConditionalExpression: these were cut off before
    return pathname === '/' && username + password + search + hash === '';
  } catch {
    return false;
  }
}

function withoutQuotes(text: string): string {
  let [start, end] = [0, text.length];
  while (isQuote(text[start])) start += 1;
  while (isQuote(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

const isQuote = (character: string | undefined) => character === '"' || character === "'";

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/** Go's net.SplitHostPort, and what Ollama does if it fails: everything is the host, with or without brackets. */
function splitPort(hostport: string, defaultPort: string): { host: string; port: string } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(hostport);
  if (!match) return { host: hostport.replace(/^\[|\]$/g, ''), port: defaultPort };
  const port = match[3] ?? '';
  const valid = /^[+-]?\d+$/.test(port) && Number(port) >= 0 && Number(port) <= 65_535;
  return { host: match[1] ?? match[2] ?? '', port: valid ? String(Number(port)) : defaultPort };
}

function connectable(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The header has both parts, even if one is empty. */
function basic(userinfo: string): string {
  const credentials = userinfo.includes(':') ? userinfo : `${userinfo}:`;
  return `Basic ${base64(new TextEncoder().encode(decode(credentials)))}`;
}

function decode(userinfo: string): string {
  try {
    return decodeURIComponent(userinfo);
  } catch {
    return userinfo;
  }
}
