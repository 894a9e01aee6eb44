const MIN_STEP_BYTES = 1024 * 1024;

/**
 * Counts pieces of `total` bytes and reports the count at the beginning, at the end and about a hundred times in
 * between: enough to see it move, without flooding a person with lines.
 */
export function countSteps(total: number, report: (completed: number) => void): (count: number) => void {
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

/**
 * The lines that a piece of work reports, in batches as they come; then its result. A caller that leaves early must
 * also abort the work, because this waits for it.
 */
export async function* reportedLines<Line, Result>(
  work: (report: (line: Line) => void) => Promise<Result>,
): AsyncGenerator<readonly Line[], Result, undefined> {
  const lines: Line[] = [];
  let ended = false;
  let wake = () => {};
  const result = work((line) => {
    lines.push(line);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  // It may fail while the reader handles an earlier line, and is only awaited after that.
  result.catch(() => {});
  try {
    for (;;) {
      while (lines.length > 0) yield lines.splice(0);
      if (ended) return await result;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    await result.catch(() => {});
  }
}
