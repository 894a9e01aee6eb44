import type { SoFar, Tool, ToolContext } from '../tools/tool.ts';
import { ProgressRelay } from './progress-relay.ts';

type Value = Record<string, unknown>;

/** A timer with a longer time fires at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** How a run ended. */
export type Outcome = { value: Value } | { error: unknown };

/** One run of a tool. It may outlive the call that began it, as a job; so it has a signal of its own. */
export class Run {
  readonly tool: Tool;
  readonly progress = new ProgressRelay();
  /** Settles with the run, and never rejects. */
  readonly ended: Promise<Outcome>;
  #outcome: Outcome | undefined;
  #soFar: SoFar | undefined;
  #isCancelled = false;
  readonly #controller = new AbortController();
  readonly #begun: Promise<void>;
  #begin!: () => void;

  constructor(
    tool: Tool,
    args: Value,
    context: (own: Pick<ToolContext, 'signal' | 'progress' | 'partial'>) => ToolContext,
  ) {
    this.tool = tool;
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    const partial = (soFar: SoFar) => {
      this.#soFar = soFar;
      this.#begin();
    };
    const whole = context({ signal: this.#controller.signal, progress: this.progress, partial });
    this.ended = Promise.resolve()
      .then(() => tool.run(args, whole))
      .then(
        (value): Outcome => ({ value }),
        (error: unknown): Outcome => ({ error }),
      )
      .then((outcome) => {
        this.#outcome = outcome;
        return outcome;
      });
  }

  /** Nothing while it runs. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** What the answer would be now. */
  soFar(): Value {
    return { ...this.#soFar?.value(), partial: true };
  }

  /** Ends it, which closes its connections to Ollama. */
  cancel(reason?: unknown): void {
    if (this.#outcome !== undefined) return;
    this.#isCancelled = true;
    this.#controller.abort(reason);
  }

  /**
   * Resolves when the run has taken longer than the budget, counted from when its work began: asking the person takes the
   * time it takes. One that has nothing worth ending it for gets the same time again, where that is asked for.
   */
  async overdue(budgetMs: number, mustBeWorthIt: boolean, signal: AbortSignal): Promise<void> {
    await this.#begun;
    do await elapsed(budgetMs, signal);
    while (mustBeWorthIt && this.#soFar?.isWorthIt?.() !== true && !signal.aborted);
  }
}

/** Resolves after the time, and early when the signal aborts: then nobody looks at it any more. */
function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER));
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
