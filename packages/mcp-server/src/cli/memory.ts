import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const MB = 1024 * 1024;

/** A quarter of what the machine or the container has, and half of what Node lets the heap have. */
function ownShare(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  const machine = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(machine / 4, getHeapStatistics().heap_size_limit / 2);
}

/** The bytes that `--memory-mb` stands for. */
export const memoryBytes = (memoryMb: number): number => (memoryMb > 0 ? memoryMb * MB : ownShare());
