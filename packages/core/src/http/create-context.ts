import { callErrors } from '../errors/call-errors.ts';
import { callHook } from '../errors/hook-failure.ts';
import type { ClientOptions } from '../options.ts';
import type { Platform } from '../platform.ts';
import { CallLimits } from './call-limits.ts';
import { type ClientContext, DEFAULT_MAX_LINE_BYTES, type Watch } from './client-context.ts';
import { ClientHeaders } from './client-headers.ts';
import { failures } from './failures.ts';
import { plainHeaders } from './headers.ts';
import { parseHost } from './host.ts';
import { readCallOptions } from './known-options.ts';
import { timerOf } from './timer.ts';

const DEFAULT_HOST = '127.0.0.1:11434';

/** @throws OllamaError `bad_host` when the address cannot be read. */
export function createClientContext(options: ClientOptions & Platform): ClientContext {
  const host = parseHost(options.host ?? DEFAULT_HOST);
  // A key from a file or a variable often ends with a newline.
  const key = options.apiKey?.trim();
  const authorization = host.authorization ?? (key ? `Bearer ${key}` : undefined);
  const own = { ...(authorization && { authorization }), ...plainHeaders(options.headers) };
  return {
    platform: options,
    clock: { timer: timerOf(options), now: options.now },
    errors: callErrors,
    url: host.url,
    headers: new ClientHeaders(own, plainHeaders),
    timeouts: options.timeouts,
    maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
    retry: options.retry,
    limits: new CallLimits(options, options),
    watch: watchOf(options),
    failures,
    readCall: readCallOptions,
  };
}

function watchOf({ onRequest, onResponse, now }: ClientOptions & Platform): Watch | undefined {
  if (!onRequest && !onResponse) return undefined;
  return (facts, attempt, fail) => {
    const { method, path } = facts;
    const started = onResponse ? now() : 0;
    callHook('onRequest', onRequest, { method, path, attempt }, fail, facts);
    return (status) => {
      if (!onResponse) return;
      const seen = { method, path, attempt, status, firstByteMs: now() - started };
      callHook('onResponse', onResponse, seen, fail, facts);
    };
  };
}
