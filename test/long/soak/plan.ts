import type { ErrorCode } from '@ollama-toolbelt/core/neutral';
import type { Fault } from '../../fixtures/faults/fault.ts';
import { blobsHas, type FaultCall, faultCalls } from '../../fixtures/faults/fault-calls.ts';
import {
  bodies,
  harmless,
  midStream,
  statuses,
  unreachable,
  withoutAnswer,
} from '../../fixtures/faults/faults-table.ts';

/** Says to the server which fault a request is to meet. */
export const faultHeader = 'x-soak-fault';

type Played = Pick<Fault, 'name' | 'reply' | 'timeouts' | 'unreachable'> & { told?: Fault['told'] };

export const played: readonly Played[] = [
  ...unreachable.filter((fault) => fault.unreachable === 'refused'),
  ...withoutAnswer,
  ...statuses,
  ...bodies,
  ...midStream,
  ...harmless,
];

/** Those that only lines can meet; anything else takes their pieces for an answer that is not valid JSON. */
const onlyLines = new Set<Played>([...midStream, ...harmless]);

export const clients = ['node', 'limited', 'fetch'] as const;

/** One call of the soak. */
export interface Step {
  call: FaultCall;
  form: 'whole' | 'stream';
  client: (typeof clients)[number] | 'short lines' | 'nobody there';
  fault?: number;
  /** Milliseconds after which the caller gives up. */
  abortAfterMs?: number;
  /** Chunks after which the loop is left. */
  leaveAfter?: number;
  /** What must come out: nothing is an answer, and a list is any of them. */
  expected: readonly (ErrorCode | 'answer')[];
}

/** The same calls for the same seed. */
export function planOf(seed: number, count: number): Step[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => stepOf(random));
}

function stepOf(random: () => number): Step {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const call = pick([...faultCalls, blobsHas]);
  const form = call.stream && random() < 0.5 ? 'stream' : 'whole';
  const able = call.stream ? played : played.filter((fault) => !onlyLines.has(fault));
  const fault = random() < 0.6 ? pick(able) : undefined;
  const code = fault?.told?.code;
  const expected = new Set<ErrorCode | 'answer'>([code ?? 'answer']);
  const step: Step = {
    call,
    form,
    client:
      fault?.unreachable !== undefined ? 'nobody there' : code === 'line_too_long' ? 'short lines' : pick(clients),
    expected: [],
    ...(fault && { fault: played.indexOf(fault) }),
  };
  if (random() < 0.25) {
    step.abortAfterMs = Math.floor(random() * 40);
    expected.add('aborted');
  } else if (form === 'stream' && random() < 0.2) {
    step.leaveAfter = Math.floor(random() * 3);
    expected.add('answer');
  }
  // Uploads ask first whether the blob is there, and an answer to that has no body to be wrong.
  const isBlob = call.path.startsWith('/api/blobs');
  return { ...step, expected: isBlob && fault ? [] : [...expected] };
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
