import { type ClientOptions, createOllama, type Ollama, type Transport } from '@ollama-toolbelt/core';

/** A client whose waiting takes no time: each wait is noted, and the clock jumps over it. */
export interface JumpingClient {
  ollama: Ollama;
  /** Milliseconds of each wait, in order. Deadlines are off, so they are those of retries and limits. */
  waits: number[];
  /** Lets time pass. */
  pass(ms: number): void;
  now(): number;
}

/** How long a client waits for the end of an answer whose last line has come; no wait that a test is about. */
const DRAIN_MS = 250;

export function jumpingClient(options: ClientOptions): JumpingClient {
  let clock = 0;
  const waits: number[] = [];
  const ollama = createOllama({
    timeouts: { connectMs: 0, firstByteMs: 0, idleMs: 0, totalMs: 0 },
    ...options,
    transport,
    now: () => clock,
    sleep: async (ms, signal) => {
      if (ms === DRAIN_MS) return new Promise((_, reject) => rejectOnAbort(signal, reject));
      signal?.throwIfAborted();
      waits.push(ms);
      clock += ms;
    },
  });
  return {
    ollama,
    waits,
    pass: (ms) => {
      clock += ms;
    },
    now: () => clock,
  };
}

const rejectOnAbort = (signal: AbortSignal | undefined, reject: (reason: unknown) => void) =>
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });

const transport: Transport = async ({ method, url, headers, body }, signal) => {
  const init = { method, headers, signal, redirect: 'manual' as const };
  const response = await fetch(url, typeof body === 'string' ? { ...init, body } : init);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.body ?? new Blob([]).stream(),
  };
};
