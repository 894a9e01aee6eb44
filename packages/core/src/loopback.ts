/** Whether a host name or address, as it stands in a URL or bare, is this machine itself. */
export const isLoopback = (host: string): boolean => /^(localhost|\[?::1\]?|127\.\d+\.\d+\.\d+)$/i.test(host);

/** The host of an address of a server as the client keeps it, without brackets. Some platforms have no whole URL class. */
export const hostnameOf = (url: string): string =>
  /^\w+:\/\/(?:\[([^\]]*)\]|([^/:]*))/.exec(url)?.slice(1).find(Boolean) ?? '';
