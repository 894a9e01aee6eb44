import { OllamaTimeoutError } from '../errors/errors.ts';
import { type CallFacts, failureOf, where } from '../errors/hints.ts';
import type { Timeouts } from '../options.ts';
import type { Now, Platform, Timer } from '../platform.ts';
import type { Route } from '../wire/routes.ts';
import { timerOf } from './timer.ts';

const CONNECT_MS = 10_000;
const IDLE_MS = 600_000;
const QUICK_TOTAL_MS = 30_000;

/** The deadlines of one call; 0 is none. The call's own beat the client's, which beat the route's defaults. */
export function timeoutsOf(route: Route, client: Timeouts | undefined, call: Timeouts | undefined): Required<Timeouts> {
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

type Limit = 'firstByte' | 'idle' | 'total';

const words: Readonly<Record<Limit, { text: string; hint: string }>> = {
  firstByte: {
    text: 'No answer began within',
    hint: 'A model that has to load is silent until its first token: raise timeouts.firstByteMs, or load the model first.',
  },
  idle: {
    text: 'Ollama sent no data for',
    hint: 'The server is silent while it thinks without streaming or gathers a long tool call: raise timeouts.idleMs, or check its log.',
  },
  total: {
    text: 'The call did not finish within',
    hint: 'Raise timeouts.totalMs, or ask for a shorter answer with options.num_predict.',
  },
};

const NEVER = Number.POSITIVE_INFINITY;

/** The running deadlines of one call. They share one timer, which is set for the first of them that may be over. */
export class Deadlines {
  readonly #timeouts: Required<Timeouts>;
  readonly #facts: CallFacts;
  readonly #timer: Timer;
  readonly #now: Now;
  readonly #expire: (error: OllamaTimeoutError) => void;
  #totalAt = NEVER;
  #firstByteAt = NEVER;
  /** When silence began that has gone on since; it counts only while somebody waits. */
  #silentSince = NEVER;
  #stopTimer: (() => void) | undefined;
  /** When the timer goes off. */
  #timerAt = NEVER;

  constructor(
    timeouts: Required<Timeouts>,
    facts: CallFacts,
    platform: Pick<Platform, 'sleep' | 'timer' | 'now'>,
    expire: (error: OllamaTimeoutError) => void,
  ) {
    this.#timeouts = timeouts;
    this.#facts = facts;
    this.#timer = timerOf(platform);
    this.#now = platform.now;
    this.#expire = expire;
    if (timeouts.totalMs > 0) {
      const now = this.#now();
      this.#totalAt = now + timeouts.totalMs;
      this.#watch(now, this.#totalAt);
    }
  }

  /** The request goes out. */
  sent(): void {
    if (this.#timeouts.firstByteMs === 0) return;
    const now = this.#now();
    this.#firstByteAt = now + this.#timeouts.firstByteMs;
    this.#watch(now, this.#firstByteAt);
  }

  /** The head of the answer is there, or will not come. */
  answered(): void {
    this.#firstByteAt = NEVER;
  }

  /** Waiting for the next piece of the body begins; until `arrived`, silence counts. */
  waiting(): void {
    if (this.#timeouts.idleMs === 0) return;
    const now = this.#now();
    this.#silentSince = now;
    this.#watch(now, now + this.#timeouts.idleMs);
  }

  arrived(): void {
    this.#silentSince = NEVER;
  }

  /** Leaves no timer. */
  end(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#timerAt = NEVER;
  }

  /** For a stream the timer is set again for the rest when it goes off, not for each piece. */
  #watch(now: number, dueAt: number): void {
    // Stryker disable next-line EqualityOperator: only saves a timer
    if (dueAt >= this.#timerAt) return;
    this.end();
    this.#timerAt = dueAt;
    this.#stopTimer = this.#timer(Math.ceil(dueAt - now), this.#check);
  }

  readonly #check = () => {
    // Whatever the clock says: so a clock that stands still makes no endless round of this.
    const now = Math.max(this.#now(), this.#timerAt);
    this.end();
    const dues: [Limit, number][] = [
      ['total', this.#totalAt],
      ['firstByte', this.#firstByteAt],
      ['idle', this.#silentSince + this.#timeouts.idleMs],
    ];
    const [limit, dueAt] = dues.reduce((first, next) => (next[1] < first[1] ? next : first));
    if (dueAt <= now) this.#expire(this.#error(limit));
    else this.#watch(now, dueAt);
  };

  #error(limit: Limit): OllamaTimeoutError {
    const { text, hint } = words[limit];
    const ms = this.#timeouts[settingOf(limit)];
    return new OllamaTimeoutError(`${text} ${ms} ms (timeouts.${settingOf(limit)}; ${where(this.#facts)}).`, {
      ...failureOf('timeout', this.#facts, limit),
      hint,
      limit,
      limitMs: ms,
    });
  }
}

const settingOf = <L extends Limit>(limit: L) => `${limit}Ms` as `${L}Ms`;
