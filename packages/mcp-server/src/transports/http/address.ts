/** The address at which HTTP clients connect. */
export interface HttpAddress {
  /** Name or IP, an IPv6 one without its brackets. */
  host: string;
  port: number;
}

const LOOPBACK = '127.0.0.1';

/** Parses `[ADDRESS:]PORT`; `undefined` if it is not valid. */
export function parseHttpAddress(text: string): HttpAddress | undefined {
  const [, host = LOOPBACK, digits = ''] = /^(?:(\[[\da-fA-F:.]+\]|[\w.-]+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return digits === '' || port > 65_535 ? undefined : { host: host.replace(/^\[|\]$/g, ''), port };
}

export const httpAddressProblem = (text: string): string | undefined =>
  parseHttpAddress(text) ? undefined : '--http should be [ADDRESS:]PORT, like 3333 or 0.0.0.0:3333.';

/** An address in the form used in URLs. */
export const inUrl = ({ host, port }: HttpAddress): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
