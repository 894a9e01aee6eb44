import type { RateLimit } from '../options.ts';
import type { Now, SignalLike, Sleep } from '../platform.ts';
import { canonicalModel } from '../wire/model-name.ts';
import { throwIfAborted, unlessAborted } from './abort-signals.ts';
import { realSignal } from './cancel.ts';
import { freeSlot, type Limits, type Slot } from './slot.ts';

/** How many models without a running call are remembered. The next call of a forgotten one runs alone. */
const MAX_IDLE_MODELS = 256;

/** After this long without a call a model counts as unloaded: Ollama's default keep_alive. */
const WARM_MS = 300_000;

/**
 * Decides which call may run now: at most `concurrency` calls per model at a time, and a maximum number of calls per
 * period. The first call of a model that is not loaded runs alone: the others would only wait for the same load, and
 * servers answer 503 if many wait.
 */
export class CallLimits implements Limits {
  readonly #concurrency: number;
  readonly #rate: RateLimit | undefined;
  readonly #sleep: Sleep;
  readonly #now: Now;
  readonly #queues = new Map<string, ModelQueue>();
  /** Names of models without a running call, least recently used first. */
  readonly #idle = new Set<string>();
  /** When the latest calls started, oldest first. */
  readonly #sent: number[] = [];
  #lastPaced: Promise<unknown> = Promise.resolve();

  constructor(
    options: { concurrency?: number | undefined; rateLimit?: RateLimit | undefined },
    platform: { sleep: Sleep; now: Now },
  ) {
    const { concurrency = 0 } = options;
    this.#concurrency = concurrency > 0 ? concurrency : Number.POSITIVE_INFINITY;
    this.#rate = options.rateLimit;
    this.#sleep = platform.sleep;
    this.#now = platform.now;
  }

  enter(model: string | undefined, signal: SignalLike): Promise<Slot> | Slot {
    const limited = model !== undefined && Number.isFinite(this.#concurrency);
    return limited || this.#rate ? this.#wait(limited ? model : undefined, signal) : freeSlot;
  }

  async #wait(model: string | undefined, signal: SignalLike): Promise<Slot> {
    throwIfAborted(signal);
    const slot = model === undefined ? freeSlot : await this.#queueOf(model).enter(signal);
    try {
      await this.#pace(signal);
    } catch (reason) {
      slot.leave();
      throw reason;
    }
    return slot;
  }

  #queueOf(model: string): ModelQueue {
    const name = canonicalModel(model);
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = new ModelQueue(this.#concurrency, this.#now, () => this.#keepIdle(name));
      this.#queues.set(name, queue);
    }
    this.#idle.delete(name);
    return queue;
  }

  #keepIdle(name: string): void {
    this.#idle.add(name);
    const [oldest] = this.#idle;
    if (this.#idle.size <= MAX_IDLE_MODELS || oldest === undefined) return;
    this.#idle.delete(oldest);
    this.#queues.delete(oldest);
  }

  /** Starts calls one after the other in the order they came, each as soon as the period has room for it. */
  async #pace(signal: SignalLike): Promise<void> {
    const rate = this.#rate;
    if (!rate) return;
    const before = this.#lastPaced;
    const mine = (async () => {
      await before;
      const oldest = this.#sent[this.#sent.length - rate.calls] ?? Number.NEGATIVE_INFINITY;
      const waitMs = oldest + rate.periodMs - this.#now();
      // An abort lets the next call start at once; the caller gets the reason below.
      if (waitMs > 0) await this.#sleep(waitMs, realSignal(signal)).catch(() => {});
      if (signal.aborted) return;
      this.#sent.push(this.#now());
      // Stryker disable next-line ConditionalExpression,CallExpression,EqualityOperator: only keeps the list short
      if (this.#sent.length > rate.calls) this.#sent.shift();
    })();
    this.#lastPaced = mine;
    await unlessAborted(mine, realSignal(signal));
  }
}

/** The calls that wait for one model, and those that are running. */
class ModelQueue {
  readonly #size: number;
  readonly #now: Now;
  #inside = 0;
  #warmUntil = Number.NEGATIVE_INFINITY;
  readonly #onIdle: () => void;
  /** In order. A set, since any of them may be cancelled. */
  readonly #waiting = new Set<() => void>();

  /** `onIdle` is called when the last call has left. */
  constructor(size: number, now: Now, onIdle: () => void) {
    this.#size = size;
    this.#now = now;
    this.#onIdle = onIdle;
  }

  async enter(signal: SignalLike): Promise<Slot> {
    // Nobody waits while there is room.
    if (this.#hasRoom()) this.#inside += 1;
    else await this.#wait(signal);
    let hasLeft = false;
    return {
      answered: () => {
        this.#warmUntil = this.#now() + WARM_MS;
        this.#admit();
      },
      leave: () => {
        if (hasLeft) return;
        hasLeft = true;
        this.#inside -= 1;
        this.#admit();
        if (this.#inside === 0) this.#onIdle();
      },
    };
  }

  #hasRoom(): boolean {
    return this.#inside < (this.#now() < this.#warmUntil ? this.#size : 1);
  }

  #admit(): void {
    while (this.#hasRoom()) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      this.#waiting.delete(first);
      this.#inside += 1;
      first();
    }
  }

  #wait(signal: SignalLike): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve);
      // Once the call is running, none of this has an effect.
      signal.addEventListener('abort', () => {
        this.#waiting.delete(resolve);
        reject(signal.reason);
      });
    });
  }
}
