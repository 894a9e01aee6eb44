import { weigh } from '../tools/memory-budget.ts';
import { elapsed } from '../tools/timer.ts';
import type { Tool } from '../tools/tool.ts';
import type { Outcome, Progress, Run, SoFar, ToolContext } from '../tools/tool-context.ts';
import { ProgressRelay } from './progress.ts';

type Value = Record<string, unknown>;

/** These belong to the run and not to the call, which may end before it. */
export type RunContext = Pick<ToolContext, 'signal' | 'progress' | 'partial'>;

/** A tool is read-only except in calls with a field that writes. */
function leavesNothing({ annotations, fieldNeeds = {} }: Tool, args: Value): boolean {
  const writing = Object.keys(fieldNeeds).filter((name) => fieldNeeds[name] === 'output');
  return annotations.readOnlyHint || (writing.length > 0 && writing.every((name) => args[name] === undefined));
}

/** A running tool. */
export class ToolRun implements Run {
  readonly tool: string;
  readonly model: string | undefined;
  readonly onlyAnswers: boolean;
  readonly bytes: number;
  readonly ended: Promise<Outcome>;
  readonly #progress = new ProgressRelay();
  #outcome: Outcome | undefined;
  #soFar: SoFar | undefined;
  #updatedAt = Date.now();
  #isCancelled = false;
  #cancelReason: unknown;
  readonly #controller = new AbortController();
  readonly #begun: Promise<void>;
  #begin!: () => void;

  constructor(tool: Tool, args: Value, context: (own: RunContext) => ToolContext) {
    this.tool = tool.name;
    this.model = typeof args['model'] === 'string' ? args['model'] : undefined;
    this.onlyAnswers = leavesNothing(tool, args);
    this.bytes = weigh(args);
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    const partial = (soFar: SoFar) => {
      this.#soFar = soFar;
      this.#begin();
    };
    const progress: Progress = {
      report: (...report) => {
        this.#updatedAt = Date.now();
        this.#progress.report(...report);
      },
    };
    const whole = context({ signal: this.#controller.signal, progress, partial });
    this.ended = Promise.resolve()
      .then(() => tool.run(args, whole))
      .then(
        (value): Outcome => ({ value }),
        (error: unknown): Outcome => ({ error }),
      )
      .then((outcome) => {
        this.#outcome = outcome;
        this.#updatedAt = Date.now();
        return outcome;
      });
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  get cancelReason(): unknown {
    return this.#cancelReason;
  }

  get howFar(): string {
    return this.#progress.message;
  }

  get updatedAt(): number {
    return this.#updatedAt;
  }

  soFar(): Value {
    return { ...this.#soFar?.value(), partial: true };
  }

  tell(progress: Progress): void {
    this.#progress.to(progress);
  }

  cancel(reason?: unknown): void {
    if (this.#outcome !== undefined) return;
    this.#isCancelled = true;
    this.#cancelReason = reason;
    this.#controller.abort(reason);
  }

  /**
   * Resolves when the run has exceeded the budget. Time spent asking the person does not count. With `mustBeWorthIt`, a
   * run without an answer to show yet gets the same time again.
   */
  async overdue(budgetMs: number, mustBeWorthIt: boolean, signal: AbortSignal): Promise<void> {
    await this.#begun;
    do await elapsed(budgetMs, signal);
    while (mustBeWorthIt && this.#soFar?.isWorthIt?.() !== true && !signal.aborted);
  }
}
