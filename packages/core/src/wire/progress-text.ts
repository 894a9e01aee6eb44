import type { TransferProgress } from './progress-meter.ts';

/**
 * As text for people: "pulling 8eeb52dfb3bb: 34 %, 0.7 of 2.0 GB, 12 MB/s, 2 min left".
 *
 * @example
 * ```ts
 * import { createProgressMeter, progressText } from '@ollama-toolbelt/core/node';
 *
 * const meter = createProgressMeter();
 * const progress = meter.add({ status: 'pulling 8eeb52dfb3bb', digest: 'sha256:8eeb52dfb3bb', total: 2e9, completed: 5e8 });
 * console.log(progressText(progress)); // pulling 8eeb52dfb3bb: 25 %, 0.5 of 2.0 GB
 * ```
 */
export function progressText({
  status,
  completed,
  total,
  fraction,
  bytesPerSecond,
  secondsLeft,
}: TransferProgress): string {
  if (total === undefined || fraction === undefined) return status;
  const parts = [`${Math.floor(100 * fraction)} %`, `${bytes(completed, total)} of ${bytes(total)}`];
  if (completed < total) {
    if (bytesPerSecond) parts.push(`${bytes(bytesPerSecond)}/s`);
    if (secondsLeft) parts.push(`${duration(secondsLeft)} left`);
  }
  return `${status}: ${parts.join(', ')}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** In the unit of `like`; without it, followed by its own unit. */
function bytes(count: number, like?: number): string {
  const power = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, like ?? count)) / 3)));
  const value = count / 1000 ** power;
  const digits = power > 0 && (like ?? count) / 1000 ** power < 100 ? 1 : 0;
  return value.toFixed(digits) + (like === undefined ? ` ${units[power]}` : '');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
