import type { SignalLike } from '../platform.ts';

/** Permission to make one call; call `leave` to free it. */
export interface Slot {
  /** The response has begun: the model is loaded, and other calls need not wait for that any more. */
  answered(): void;
  leave(): void;
}

/** Decides which calls may run. */
export interface Limits {
  /** Waits for a slot; rejects with the signal's reason if it aborts first. `model` is set for calls that run one. */
  enter(model: string | undefined, signal: SignalLike): Promise<Slot> | Slot;
}

export const freeSlot: Slot = { answered() {}, leave() {} };

export const noLimits: Limits = { enter: () => freeSlot };
