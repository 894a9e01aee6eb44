import type { SignalLike } from '../platform.ts';

/** Leave to make one call; give it back with `leave`. */
export interface Slot {
  /** The answer has begun: the model is loaded, and others need not wait for that any more. */
  answered(): void;
  leave(): void;
}

/** Who may call now. */
export interface Limits {
  /** Waits for a slot; rejects with the signal's reason when it aborts first. `model` is given for calls that run one. */
  enter(model: string | undefined, signal: SignalLike): Promise<Slot> | Slot;
}

export const freeSlot: Slot = { answered() {}, leave() {} };

export const noLimits: Limits = { enter: () => freeSlot };
