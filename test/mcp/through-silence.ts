import type { Progress } from '@modelcontextprotocol/sdk/types.js';
import { faults, gate, startScripted } from '@ollama-toolbelt/ollama-server';
import { type CallResult, call, connect, hello } from './connect.ts';

/** Where in its answer Ollama falls silent. */
export const silences = [
  ['before the headers', 'before-headers'],
  ['in the middle of the answer', 'mid-stream'],
] as const;
export type Silence = (typeof silences)[number][1];

export interface HeardThroughSilence extends CallResult {
  /** What the host was told meanwhile. */
  seen: Progress[];
}

/** Calls `ollama_chat` of the built server over stdio while Ollama is silent for `ms`. */
export async function callThroughSilence(silence: Silence, ms: number): Promise<HeardThroughSilence> {
  await using server = await startScripted();
  await using connection = await connect({ host: server.host, args: ['--budget-ms', '0'] });
  const stall = gate();
  server.chat(silence === 'before-headers' ? faults.stallBeforeHeaders(stall) : faults.stallMidStream(stall));
  void stall.reached.then(() => setTimeout(() => stall.release(), ms));
  const seen: Progress[] = [];
  const result = await call(connection, 'ollama_chat', hello, {
    timeout: ms + 60_000,
    onprogress: (progress) => seen.push(progress),
  });
  return { ...result, seen };
}
