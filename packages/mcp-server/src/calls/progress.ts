import { type Progress, type ProgressDetail, silentProgress } from '../tools/tool-context.ts';

/** Shown until the tool reports something. */
export const WAITING = 'waiting for Ollama';

/** Key in `_meta` of a progress notification: the text received since the previous one. */
export const answerTextKey = 'io.github.ollama-toolbelt/text';

/** One notification, as it is sent. */
export interface ProgressUpdate {
  progress: number;
  total?: number;
  message: string;
  _meta?: Record<string, unknown>;
}

export interface ProgressReporter extends Progress {
  /** Call this before the result is sent: no notification may follow it. */
  stop(): void;
}

/** At most four a second. */
const GAP_MS = 250;
/** The host sees early that the call is working, then often enough to keep its idle timeout from firing. */
const FIRST_BEAT_MS = 1000;
const BEAT_MS = 5000;
/** MCP requires each notification to be higher than the one before, even one that says "still waiting". */
const BEATS_PER_UNIT = 1000;
/** Counts whole steps: adding fractions would give 0.009000000000000001, which some hosts show. */
const afterBeat = (progress: number) => (Math.round(progress * BEATS_PER_UNIT) + 1) / BEATS_PER_UNIT;

/** Sends the reports of a tool, throttled, and a heartbeat while there is nothing to report. */
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
      // Reports within the gap are combined and sent at its end.
      clearTimeout(timer);
      timer = setTimeout(beat, wait);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Progress of a run, which may outlive the call that started it. It goes to the call that waits for the run now. */
export class ProgressRelay implements Progress {
  #target: Progress = silentProgress;
  #last: [done: number, message: string, more: ProgressDetail] | undefined;

  report(done: number, message: string, more: ProgressDetail = {}): void {
    const { text: _, ...lasting } = more;
    this.#last = [done, message, lasting];
    this.#target.report(done, message, more);
  }

  /** The message of the latest report; empty before the first. */
  get message(): string {
    return this.#last?.[1] ?? '';
  }

  /** Sends all reports to this target from now on, starting with the latest. */
  to(target: Progress): void {
    this.#target = target;
    if (this.#last) target.report(...this.#last);
  }
}
