/**
 * The lines that a piece of work reports, in batches as they come; then its result. Whoever leaves early must also abort
 * the work: it is waited for.
 */
export async function* reported<Line, Result>(
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
