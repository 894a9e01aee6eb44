/** Whether a host name or address, as it stands in a URL or bare, is this machine itself. */
export const isLoopback = (host: string): boolean => /^(localhost|\[?::1\]?|127\.\d+\.\d+\.\d+)$/i.test(host);
