const MIN_STEP_BYTES = 1024 * 1024;

/**
 * Counts pieces of `total` bytes and tells the count so far at the beginning, at the end and about a hundred times in
 * between: enough to see it move, and no more lines than a person can use.
 */
export function stepwise(total: number, report: (completed: number) => void): (count: number) => void {
  const step = Math.max(MIN_STEP_BYTES, total / 100);
  let completed = 0;
  let next = step;
  report(0);
  return (count) => {
    completed += count;
    if (completed < next && completed < total) return;
    next = completed + step;
    report(completed);
  };
}
