import { type ErrorCode, OllamaError, type Sleep, type Transport } from '@ollama-toolbelt/core/neutral';
import type { IExecuteFunctions, ILoadOptionsFunctions, IPollFunctions, ISupplyDataFunctions } from 'n8n-workflow';
import { UnusableCredential } from './authenticate.ts';
import { credentialOf } from './credentials.ts';

export type RequestContext = IExecuteFunctions | ILoadOptionsFunctions | ISupplyDataFunctions | IPollFunctions;

/** What n8n's helper returns for `returnFullResponse` with `encoding: 'stream'`. */
interface StreamResponse {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: AsyncIterable<Uint8Array> & { on(event: 'error', listener: () => void): unknown };
}

/** The core's transport on n8n's HTTP helper, which adds the credential and applies n8n's proxy and address rules. */
export function n8nTransport(context: RequestContext): Transport {
  return async (request, signal) => {
    const cancel = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
    const abortSignal = cancel ? AbortSignal.any([cancel, signal]) : signal;
    // The helper replaces `abortSignal` with the cancel signal of the context it is called on. On a context derived
    // from ours it uses the one that also includes the deadlines.
    const derived: RequestContext = Object.create(context, { getExecutionCancelSignal: { value: () => abortSignal } });
    const sent = context.helpers.httpRequestWithAuthentication.call(derived, credentialOf(context.getNode()), {
      method: request.method,
      url: request.url,
      headers: { ...request.headers },
      // Text from the core; nothing in this package uploads bytes.
      ...(typeof request.body === 'string' && { body: request.body }),
      abortSignal,
      encoding: 'stream',
      returnFullResponse: true,
      ignoreHttpStatusErrors: true,
      disableFollowRedirect: true,
      // Without it the helper gives up after 300 s, while a large model may still be loading.
      timeout: 0,
    });
    const response: StreamResponse = await sent.catch((error: unknown) => {
      if (abortSignal.aborted) throw error;
      const own = causes(error).find((cause) => cause instanceof UnusableCredential);
      if (own !== undefined) throw refusalOf(own, 'bad_request');
      throw hasSystemCode(error) ? error : refusalOf(error, 'forbidden');
    });
    // Until the core reads, an abort may emit an error event without a listener, which would crash n8n's process. The
    // HTTP library of n8n 2.41 has its own listener, which it does not promise.
    response.body.on('error', () => {});
    return { status: response.statusCode, headers: singleHeaders(response.headers), body: response.body };
  };
}

const MAX_CAUSES = 5;

/** The error and its causes. */
function causes(error: unknown, depth = MAX_CAUSES): Error[] {
  return depth > 0 && error instanceof Error ? [error, ...causes(error.cause, depth - 1)] : [];
}

/** Whether the network failed: the system's code is on the error or on one of its causes. */
const hasSystemCode = (error: unknown): boolean =>
  causes(error).some((cause) => 'code' in cause && typeof cause.code === 'string');

/**
 * n8n itself blocked the request, for example by its address rules. The core would report it as a broken connection.
 */
function refusalOf(error: unknown, code: ErrorCode): OllamaError {
  const { message, description } = error as { message: string; description?: string | null };
  return new OllamaError(message, { code, hint: description ?? undefined, cause: error });
}

const singleHeaders = (headers: StreamResponse['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]));

/** The longest delay a timer can have. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Community nodes may not use timers, but a signal that aborts after a delay works as one. Without a listener it is
 * garbage-collected.
 */
export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // It accepts only whole milliseconds, and the rest of a deadline is seldom whole.
    const timer = AbortSignal.timeout(Math.min(Math.max(Math.ceil(ms), 0), MAX_DELAY_MS));
    const finish = () => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const stop = () => {
      timer.removeEventListener('abort', finish);
      reject(signal.reason);
    };
    timer.addEventListener('abort', finish, { once: true });
    signal.addEventListener('abort', stop, { once: true });
  });
