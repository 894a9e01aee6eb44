import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const MB = 1024 * 1024;

/** At most a quarter of the memory of the machine or container, and half of Node's heap limit. */
function ownShare(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  const machine = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(machine / 4, getHeapStatistics().heap_size_limit / 2);
}

/** The value of `--memory-mb` in bytes. */
export const memoryBytes = (memoryMb: number): number => (memoryMb > 0 ? memoryMb * MB : ownShare());
