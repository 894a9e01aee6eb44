/** A signal that aborts with the first of others, and that can be let go of. */
export interface LinkedSignal {
  signal: AbortSignal;
  /** Takes the listeners off the others: a caller's signal may live long. */
  unlink: () => void;
}

export function linkSignals(...others: (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const links = others
    .filter((other) => other !== undefined)
    .map((other) => {
      const onAbort = () => controller.abort(other.reason);
      if (other.aborted) onAbort();
      else other.addEventListener('abort', onAbort, { once: true });
      return () => other.removeEventListener('abort', onAbort);
    });
  return { signal: controller.signal, unlink: () => links.forEach((unlink) => void unlink()) };
}

/** Settles as the promise does, or rejects with the signal's reason when it aborts first. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
