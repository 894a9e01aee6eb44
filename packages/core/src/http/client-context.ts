import type { ClientOptions, RequestHooks, RetryOptions, Timeouts } from '../options.ts';
import type { Platform } from '../platform.ts';
import { CallLimits } from './call-limits.ts';
import { ClientHeaders, plainHeaders } from './headers.ts';
import { parseHost } from './host.ts';

const DEFAULT_HOST = '127.0.0.1:11434';
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** What all calls of a client have in common. */
export interface ClientContext {
  platform: Platform;
  /** Address of the server, without credentials. */
  url: string;
  headers: ClientHeaders;
  timeouts: Timeouts | undefined;
  maxLineBytes: number;
  retry: RetryOptions | false | undefined;
  limits: CallLimits;
  hooks: RequestHooks;
}

/** @throws OllamaError `bad_host` when the address cannot be read. */
export function createClientContext(options: ClientOptions & Platform): ClientContext {
  const host = parseHost(options.host ?? DEFAULT_HOST);
  // A key from a file or a variable often ends in a line end.
  const key = options.apiKey?.trim();
  const authorization = host.authorization ?? (key ? `Bearer ${key}` : undefined);
  return {
    platform: options,
    url: host.url,
    headers: new ClientHeaders({ ...(authorization && { authorization }), ...plainHeaders(options.headers) }),
    timeouts: options.timeouts,
    maxLineBytes: options.maxLineBytes ?? MAX_LINE_BYTES,
    retry: options.retry,
    limits: new CallLimits(options, options),
    hooks: options,
  };
}
