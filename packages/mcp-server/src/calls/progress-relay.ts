import { type Progress, type ProgressDetail, silentProgress } from './progress.ts';

/** Progress of work that may outlive the call that began it: goes to whoever waits for it now. */
export class ProgressRelay implements Progress {
  #target: Progress = silentProgress;
  #last: [done: number, message: string, more: ProgressDetail] | undefined;

  report(done: number, message: string, more: ProgressDetail = {}): void {
    const { text: _, ...lasting } = more;
    this.#last = [done, message, lasting];
    this.#target.report(done, message, more);
  }

  /** From now on another one gets it, beginning with what is known already. */
  to(target: Progress): void {
    this.#target = target;
    if (this.#last) target.report(...this.#last);
  }
}
