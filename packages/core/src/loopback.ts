/**
 * Whether a host name or address, bare or as in a URL, is this machine itself.
 *
 * @example
 * ```ts
 * import { isLoopback } from '@ollama-toolbelt/core/node';
 *
 * console.log(isLoopback('127.0.0.1'), isLoopback('192.168.1.5')); // true false
 * ```
 */
export const isLoopback = (host: string): boolean => /^(localhost|\[?::1\]?|127\.\d+\.\d+\.\d+)$/i.test(host);

/** The host of the client's server address, without brackets. Some platforms have no complete URL class. */
export const hostnameOf = (url: string): string =>
  /^\w+:\/\/(?:\[([^\]]*)\]|([^/:]*))/.exec(url)?.slice(1).find(Boolean) ?? '';
