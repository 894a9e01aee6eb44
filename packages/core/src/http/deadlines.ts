import type { CallFacts } from '../errors/call-facts.ts';
import type { OllamaError } from '../errors/errors.ts';
import type { Timeouts } from '../options.ts';
import type { Now, Timer } from '../platform.ts';
import type { Route } from '../wire/route.ts';

const CONNECT_MS = 10_000;
const IDLE_MS = 600_000;
const QUICK_TOTAL_MS = 30_000;

/** The deadlines of one call, in milliseconds. */
export type AllTimeouts = Record<keyof Timeouts, number>;

/**
 * The deadlines of one call; 0 means none. The call's own override the client's, which override the route's defaults.
 */
export function timeoutsOf(route: Route, client: Timeouts | undefined, call: Timeouts | undefined): AllTimeouts {
  const pick = (name: keyof Timeouts, otherwise: number) => {
    const ms = call?.[name] ?? client?.[name] ?? otherwise;
    return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
  };
  return {
    connectMs: pick('connectMs', CONNECT_MS),
    firstByteMs: pick('firstByteMs', 0),
    idleMs: pick('idleMs', route.answer === 'progress' ? 0 : IDLE_MS),
    totalMs: pick('totalMs', route.quick === true ? QUICK_TOTAL_MS : 0),
  };
}

const NEVER = Number.POSITIVE_INFINITY;

/** The running deadlines of one call. They share one timer, set for the earliest of them. */
export class Deadlines {
  readonly #timeouts: AllTimeouts;
  readonly #facts: CallFacts;
  readonly #timer: Timer;
  readonly #now: Now;
  readonly #expire: (error: OllamaError) => void;
  #totalAt = NEVER;
  #firstByteAt = NEVER;
  /** When the current silence began. It counts only during a read. */
  #silentSince = NEVER;
  #stopTimer: (() => void) | undefined;
  /** When the timer fires. */
  #timerAt = NEVER;

  constructor(
    timeouts: AllTimeouts,
    facts: CallFacts,
    platform: { timer: Timer; now: Now },
    expire: (error: OllamaError) => void,
  ) {
    this.#timeouts = timeouts;
    this.#facts = facts;
    this.#timer = platform.timer;
    this.#now = platform.now;
    this.#expire = expire;
    if (timeouts.totalMs > 0) {
      const now = this.#now();
      this.#totalAt = now + timeouts.totalMs;
      this.#watch(now, this.#totalAt);
    }
  }

  /** The request is sent. */
  sent(): void {
    if (this.#timeouts.firstByteMs === 0) return;
    const now = this.#now();
    this.#firstByteAt = now + this.#timeouts.firstByteMs;
    this.#watch(now, this.#firstByteAt);
  }

  /** The response headers have arrived, or will not. */
  answered(): void {
    this.#firstByteAt = NEVER;
  }

  /** A read of the body begins; until `arrived`, silence counts. */
  waiting(): void {
    if (this.#timeouts.idleMs === 0) return;
    const now = this.#now();
    this.#silentSince = now;
    this.#watch(now, now + this.#timeouts.idleMs);
  }

  arrived(): void {
    this.#silentSince = NEVER;
  }

  /** Clears the timer. */
  end(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#timerAt = NEVER;
  }

  /** For a stream, the timer is set again for the remaining time when it fires, not for each piece. */
  #watch(now: number, dueAt: number): void {
    // Stryker disable next-line EqualityOperator: only saves a timer
    if (dueAt >= this.#timerAt) return;
    this.end();
    this.#timerAt = dueAt;
    this.#stopTimer = this.#timer(Math.ceil(dueAt - now), this.#check);
  }

  readonly #check = () => {
    // Regardless of the clock: one that does not advance must not cause an endless loop here.
    const now = Math.max(this.#now(), this.#timerAt);
    this.end();
    const idleAt = this.#silentSince + this.#timeouts.idleMs;
    const dueAt = Math.min(this.#totalAt, this.#firstByteAt, idleAt);
    const limit = dueAt === this.#totalAt ? 'total' : dueAt === this.#firstByteAt ? 'firstByte' : 'idle';
    if (dueAt <= now) this.#expire(this.#facts.errors.timeout(this.#facts, limit, this.#timeouts[`${limit}Ms`]));
    else this.#watch(now, dueAt);
  };
}
