import { type Progress, type ProgressDetail, silentProgress } from '../tools/tool-context.ts';

/** What a call does if nothing else is known of it. */
export const WAITING = 'waiting for Ollama';

/** In `_meta` of a progress notification: the text that came since the one before. */
export const answerTextKey = 'io.github.ollama-toolbelt/text';

/** One notification as it goes out. */
export interface ProgressUpdate {
  progress: number;
  total?: number;
  message: string;
  _meta?: Record<string, unknown>;
}

export interface ProgressReporter extends Progress {
  /** No notification goes out after the result. */
  stop(): void;
}

/** At most four a second. */
const GAP_MS = 250;
/** A host that waits sees soon that something happens, and then often enough for its idle clock. */
const FIRST_BEAT_MS = 1000;
const BEAT_MS = 5000;
/** The protocol wants every notification to be higher than the one before, also one that says "still waiting". */
const BEATS_PER_UNIT = 1000;
/** In whole steps: a sum of fractions is 0.009000000000000001 somewhere, and some hosts show it. */
const afterBeat = (progress: number) => (Math.round(progress * BEATS_PER_UNIT) + 1) / BEATS_PER_UNIT;

/** Sends what a tool reports, no faster than hosts can use it, and a heartbeat while there is nothing to report. */
export function createProgress(
  send: (update: ProgressUpdate) => void,
  now: () => number = () => performance.now(),
): ProgressReporter {
  const start = now();
  let message = WAITING;
  let done = 0;
  let total: number | undefined;
  let text = '';
  let sent = 0;
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(beat, FIRST_BEAT_MS);

  function emit(progress: number, words: string): void {
    sent = progress;
    sentAt = now();
    send({
      progress,
      message: words,
      ...(total !== undefined && { total }),
      ...(text !== '' && { _meta: { [answerTextKey]: text } }),
    });
    text = '';
    clearTimeout(timer);
    timer = setTimeout(beat, BEAT_MS);
  }

  function beat(): void {
    if (done > sent) emit(done, message);
    else emit(afterBeat(sent), `${message}, ${Math.round((now() - start) / 1000)} s`);
  }

  return {
    report(amount, words, more = {}) {
      if (timer === undefined) return;
      const known = done > sent;
      done = amount;
      message = words;
      total = more.total;
      text += more.text ?? '';
      if (done <= sent || known) return;
      const wait = sentAt + GAP_MS - now();
      if (wait <= 0) return emit(done, message);
      // What comes within the gap is told at its end, in one.
      clearTimeout(timer);
      timer = setTimeout(beat, wait);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Progress of a run, which may outlive the call that began it: goes to the call that waits for the run now. */
export class ProgressRelay implements Progress {
  #target: Progress = silentProgress;
  #last: [done: number, message: string, more: ProgressDetail] | undefined;

  report(done: number, message: string, more: ProgressDetail = {}): void {
    const { text: _, ...lasting } = more;
    this.#last = [done, message, lasting];
    this.#target.report(done, message, more);
  }

  /** The words of the latest report; empty before the first. */
  get message(): string {
    return this.#last?.[1] ?? '';
  }

  /** Reports to this one from now on, beginning with the latest report. */
  to(target: Progress): void {
    this.#target = target;
    if (this.#last) target.report(...this.#last);
  }
}
