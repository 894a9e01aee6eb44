import { OllamaTimeoutError } from '../errors/errors.ts';
import { type CallFacts, failureOf, where } from '../errors/hints.ts';
import type { Timeouts } from '../options.ts';
import type { Now, Sleep } from '../platform.ts';
import type { Route } from '../wire/routes.ts';

const CONNECT_MS = 10_000;
const IDLE_MS = 600_000;
const QUICK_TOTAL_MS = 30_000;

/** The deadlines of one call; 0 is none. The call's own beat the client's, which beat the route's defaults. */
export function timeoutsOf(route: Route, client: Timeouts | undefined, call: Timeouts | undefined): Required<Timeouts> {
  const pick = (name: keyof Timeouts, otherwise: number) => {
    const ms = call?.[name] ?? client?.[name] ?? otherwise;
    return Number.isFinite(ms) && ms > 0 ? ms : 0;
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

/** Nobody sees this reason; without one, each abort would make an error with a stack, which costs as much as the rest. */
const over = 'over';

/** The running deadlines of one call. */
export class Deadlines {
  readonly #timeouts: Required<Timeouts>;
  readonly #facts: CallFacts;
  readonly #sleep: Sleep;
  readonly #now: Now;
  readonly #expire: (error: OllamaTimeoutError) => void;
  readonly #stop = new AbortController();
  #firstByte: AbortController | undefined;
  #waitingSince: number | undefined;
  #watchingIdle = false;

  constructor(
    timeouts: Required<Timeouts>,
    facts: CallFacts,
    platform: { sleep: Sleep; now: Now },
    expire: (error: OllamaTimeoutError) => void,
  ) {
    this.#timeouts = timeouts;
    this.#facts = facts;
    this.#sleep = platform.sleep;
    this.#now = platform.now;
    this.#expire = expire;
    if (timeouts.totalMs > 0) void this.#after('total', this.#stop.signal);
  }

  /** The request goes out. */
  sent(): void {
    if (this.#timeouts.firstByteMs === 0) return;
    this.#firstByte = new AbortController();
    void this.#after('firstByte', this.#firstByte.signal);
  }

  /** The head of the answer is there. */
  answered(): void {
    this.#firstByte?.abort(over);
  }

  /** Waiting for the next piece of the body begins; until `arrived`, silence counts. */
  waiting(): void {
    if (this.#timeouts.idleMs === 0) return;
    this.#waitingSince = this.#now();
    if (this.#watchingIdle) return;
    this.#watchingIdle = true;
    void this.#watchIdle();
  }

  arrived(): void {
    this.#waitingSince = undefined;
  }

  /** Ends the others, so that no timer is left: `answered` follows each `sent`, also if no answer comes. */
  end(): void {
    this.#stop.abort(over);
  }

  async #after(limit: 'firstByte' | 'total', signal: AbortSignal): Promise<void> {
    try {
      await this.#sleep(this.#timeouts[settingOf(limit)], signal);
    } catch {
      return;
    }
    this.#expire(this.#error(limit));
  }

  /** One timer for a whole stream: it is set again for the rest when it goes off, not for each piece. */
  async #watchIdle(): Promise<void> {
    const limit = this.#timeouts.idleMs;
    let remainingMs = limit;
    while (remainingMs > 0) {
      try {
        await this.#sleep(remainingMs, this.#stop.signal);
      } catch {
        return;
      }
      remainingMs = this.#waitingSince === undefined ? limit : this.#waitingSince + limit - this.#now();
    }
    this.#expire(this.#error('idle'));
  }

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
