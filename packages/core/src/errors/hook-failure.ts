import { type CallFacts, failureOf, type TransportFault, where } from './call-facts.ts';
import { OllamaError } from './errors.ts';

/** The caller's own functions that the client calls. */
type HookName = 'onRequest' | 'onResponse' | 'onProgress' | 'embedCache';

/**
 * Calls a hook. If it returns a promise, nobody waits for it; `onRejected` gets the error if it rejects.
 *
 * @throws OllamaError `hook_failed` if the hook throws.
 */
export function callHook<Event>(
  name: HookName,
  hook: ((event: Event) => unknown) | undefined,
  event: Event,
  onRejected: (error: OllamaError) => void,
  facts?: CallFacts,
): void {
  if (typeof hook !== 'function') return;
  let result: unknown;
  try {
    result = hook(event);
  } catch (cause) {
    throw hookFailed(name, cause, facts);
  }
  if (typeof result !== 'object' || result === null) return;
  Promise.resolve(result).catch((cause) => onRejected(hookFailed(name, cause, facts)));
}

/** Does not quote what the hook threw, which may be any text. It is the `cause`. */
export function hookFailed(name: HookName, cause: unknown, facts?: CallFacts): OllamaError {
  return new OllamaError(`${name} threw an error${facts ? ` (${where(facts)})` : ''}.`, {
    ...(facts && failureOf('hook_failed', facts)),
    code: 'hook_failed',
    hint: `The call ended with it: see "cause", and catch errors inside ${name} if they should not end a call.`,
    cause,
  });
}

const transportFaults: Readonly<Record<TransportFault, string>> = {
  answer: 'no response',
  status: 'a response without a status',
  headers: 'a response without headers',
  header: 'a header that is not text',
  body: 'a body that is not an async iterable',
  piece: 'a piece of the body that is not a Uint8Array',
};

/** A custom transport that does not do what `Transport` requires. */
export function transportFailed(facts: CallFacts, fault: TransportFault): OllamaError {
  return new OllamaError(`The transport returned ${transportFaults[fault]} (${where(facts)}).`, {
    ...failureOf('hook_failed', facts),
    hint: 'A transport resolves to { status, headers, body }: a number, an object of texts, and an async iterable of Uint8Array.',
  });
}
