import type { ProgressResponse } from '../schemas/interfaces.ts';

/** Overall progress of a pull, a push or a create. */
export interface TransferProgress {
  /** Ollama's word for the current step. */
  status: string;
  /** Completed bytes of all layers. Never decreases. */
  completed: number;
  /** Bytes of all layers known so far; missing if the server has named none. Grows when a layer appears late. */
  total: number | undefined;
  /** From 0 to 1; missing without a total. Never decreases, even if the total grows, and is 1 only at the end. */
  fraction: number | undefined;
  /**
   * Bytes per second over the last ten seconds; missing until it is known. The bytes that a resumed layer starts with
   * do not count.
   */
  bytesPerSecond: number | undefined;
  /** Seconds until the layers known so far are complete, at this rate; missing while nothing moves. */
  secondsLeft: number | undefined;
}

/** Adds up the lines of one pull, push or create. */
export interface ProgressMeter {
  /**
   * Takes a line and returns the overall progress.
   *
   * @example
   * ```ts
   * import { createProgressMeter } from '@ollama-toolbelt/core/node';
   *
   * const meter = createProgressMeter();
   * const { fraction } = meter.add({ status: 'pulling 8eeb52dfb3bb', digest: 'sha256:8eeb52dfb3bb', total: 10, completed: 5 });
   * console.log(fraction); // 0.5
   * ```
   */
  add(line: ProgressResponse): TransferProgress;
}

/** A rate needs at least the first of these times, and looks back over the second. */
const MIN_WINDOW_MS = 500;
const WINDOW_MS = 10_000;
const SAMPLE_MS = 250;
/** The largest fraction before the end: another layer may follow. */
const NEARLY = 0.99;

interface Layer {
  total: number;
  completed: number;
}

/**
 * Overall progress across all layers, in addition to the server's lines, which each describe one layer.
 *
 * @param now a clock in milliseconds. @default performance.now
 *
 * @example
 * ```ts
 * import { createProgressMeter, progressText } from '@ollama-toolbelt/core/node';
 *
 * const meter = createProgressMeter();
 * for await (const line of ollama.pullStream({ model: 'llama3.2' })) console.log(progressText(meter.add(line)));
 * // pulling manifest
 * // …
 * ```
 */
export function createProgressMeter(now: () => number = () => performance.now()): ProgressMeter {
  const layers = new Map<string, Layer>();
  const rate = createRate(now);
  let [total, completed, fraction] = [0, 0, 0];

  const count = ({ digest = '', total: named, completed: there }: ProgressResponse) => {
    const before = layers.get(digest);
    const size = named ?? before?.total;
    if (digest === '' || !isBytes(size)) return;
    const layer = { total: size, completed: Math.max(before?.completed ?? 0, isBytes(there) ? there : 0) };
    // A layer cannot be smaller than its completed bytes.
    layer.total = Math.max(layer.total, layer.completed);
    layers.set(digest, layer);
    total += layer.total - (before?.total ?? 0);
    const more = layer.completed - (before?.completed ?? 0);
    completed += more;
    // The bytes that a layer starts with were there before.
    rate.add(before ? more : 0);
  };

  return {
    add(line) {
      count(line);
      const isKnown = total > 0;
      if (line.status === 'success') {
        fraction = 1;
        completed = total;
      } else if (isKnown) {
        fraction = Math.max(fraction, Math.min(NEARLY, completed / total));
      }
      const bytesPerSecond = rate.perSecond();
      const left = total - completed;
      return {
        status: String(line.status),
        completed,
        total: isKnown ? total : undefined,
        fraction: isKnown ? fraction : undefined,
        bytesPerSecond,
        secondsLeft: isKnown && left === 0 ? 0 : bytesPerSecond ? left / bytesPerSecond : undefined,
      };
    },
  };
}

/** A rate over the last few seconds, from a few dozen samples at most. */
function createRate(now: () => number) {
  const samples: { at: number; amount: number }[] = [];
  let amount = 0;
  return {
    add(more: number): void {
      amount += more;
      const at = now();
      const last = samples.at(-1);
      if (last === undefined || at - last.at >= SAMPLE_MS) samples.push({ at, amount });
    },
    perSecond(): number | undefined {
      const at = now();
      while (samples.length > 1 && at - (samples[1]?.at ?? at) >= WINDOW_MS) samples.shift();
      const [oldest] = samples;
      if (oldest === undefined || at - oldest.at < MIN_WINDOW_MS) return undefined;
      return (1000 * (amount - oldest.amount)) / (at - oldest.at);
    },
  };
}

/** The caller's hook, which gets the overall progress with each line. */
export function metered<Line extends ProgressResponse>(
  onProgress: ((line: Line, overall: TransferProgress) => unknown) | undefined,
  now: () => number,
): ((line: Line) => unknown) | undefined {
  if (typeof onProgress !== 'function') return onProgress;
  const meter = createProgressMeter(now);
  return (line) => onProgress(line, meter.add(line));
}

const isBytes = (value: unknown): value is number => typeof value === 'number' && value >= 0 && Number.isFinite(value);
