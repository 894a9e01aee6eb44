import { OllamaError } from '../errors/ollama-error.ts';
import type { SignalLike } from '../platform.ts';

/** The callbacks that wait for a signal to abort, and the one listener that calls them. */
interface Watch {
  callbacks: Set<() => void>;
  listener: () => void;
}

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Calls back when the signal aborts; never if it has aborted already. Call the returned function to stop listening.
 *
 * A caller may share one signal among many calls, and Node warns of a leak if a signal has more than ten listeners. So
 * all callbacks of a signal share one listener, which is removed with the last of them.
 *
 * @throws OllamaError `bad_request` for anything that is not an AbortSignal, such as its controller.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const watch = watches.get(checkSignal(signal)) ?? startWatch(signal);
  // Each callback counts separately, even if the same function is passed twice.
  const entry = () => callback();
  watch.callbacks.add(entry);
  return () => {
    if (watch.callbacks.delete(entry) && watch.callbacks.size === 0) endWatch(signal, watch);
  };
}

/** @throws OllamaError `bad_request` for anything that is not an AbortSignal. */
export function checkSignal(signal: AbortSignal): AbortSignal {
  if (typeof signal?.addEventListener !== 'function') {
    throw new OllamaError('signal is not an AbortSignal.', {
      code: 'bad_request',
      hint: 'Pass the signal of an AbortController, not the controller itself: { signal: controller.signal }.',
      option: 'signal',
    });
  }
  return signal;
}

function startWatch(signal: AbortSignal): Watch {
  const watch: Watch = {
    callbacks: new Set(),
    listener: () => {
      endWatch(signal, watch);
      for (const callback of watch.callbacks) callback();
    },
  };
  watches.set(signal, watch);
  signal.addEventListener('abort', watch.listener);
  return watch;
}

function endWatch(signal: AbortSignal, watch: Watch): void {
  signal.removeEventListener('abort', watch.listener);
  watches.delete(signal);
}

/** `signal.throwIfAborted()`, which the signals of some platforms do not have. */
export function throwIfAborted(signal: SignalLike | undefined): void {
  if (signal?.aborted) throw signal.reason;
}

/** A signal that aborts with the first of several others. */
export interface LinkedSignal {
  signal: AbortSignal;
  /** Stops listening to the others: a caller's signal may live long. */
  unlink: () => void;
}

export function linkSignals(...others: (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const links: (() => void)[] = [];
  for (const other of others) {
    if (other === undefined || other === null) continue;
    if (other.aborted) controller.abort(other.reason);
    else links.push(onAbort(other, () => controller.abort(other.reason)));
  }
  return { signal: controller.signal, unlink: () => links.forEach((unlink) => void unlink()) };
}

/** Settles as the promise does, or rejects with the signal's reason if it aborts first. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // If the signal comes first, nobody waits for the promise any more, and its rejection must not be reported.
  promise.catch(() => {});
  throwIfAborted(signal);
  let unwatch = () => {};
  const aborted = new Promise<never>((_, reject) => {
    unwatch = onAbort(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    unwatch();
  }
}
