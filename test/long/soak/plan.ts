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

/** Tells the server which fault a request triggers. */
export const faultHeader = 'x-soak-fault';

type Played = Pick<Fault, 'name' | 'reply' | 'timeouts' | 'unreachable'> & { expected?: Fault['expected'] };

export const played: readonly Played[] = [
  ...unreachable.filter((fault) => fault.unreachable === 'refused'),
  ...withoutAnswer,
  ...statuses,
  ...bodies,
  ...midStream,
  ...harmless,
];

/** Faults that only apply to lines. Other responses would just be invalid JSON. */
const onlyLines = new Set<Played>([...midStream, ...harmless]);

export const clients = ['node', 'limited', 'fetch'] as const;

/** One call of the soak. */
export interface Step {
  call: FaultCall;
  form: 'whole' | 'stream';
  client: (typeof clients)[number] | 'short lines' | 'nobody there';
  fault?: number;
  /** Milliseconds after which the caller aborts. */
  abortAfterMs?: number;
  /** Number of chunks after which the loop ends. */
  leaveAfter?: number;
  /** The allowed outcomes. */
  expected: readonly (ErrorCode | 'answer')[];
}

/** Gives the same calls for the same seed. */
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
  const code = fault?.expected?.code;
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
  // Uploads first check whether the blob exists, and that response has no body to corrupt.
  const isBlob = call.path.startsWith('/api/blobs');
  return { ...step, expected: isBlob && fault ? [] : [...expected] };
}

/** Mulberry32: small, and the same on every platform. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
