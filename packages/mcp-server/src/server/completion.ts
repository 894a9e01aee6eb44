const MOST_VALUES = 100;

export interface Completion {
  values: string[];
  total: number;
  hasMore: boolean;
}

/** The candidates that fit what was typed: those that begin with it first, then those that contain it. */
export function completionOf(typed: string, candidates: readonly string[]): Completion {
  const wanted = typed.toLowerCase();
  const begins = candidates.filter((name) => name.toLowerCase().startsWith(wanted));
  const contains = candidates.filter((name) => !begins.includes(name) && name.toLowerCase().includes(wanted));
  const all = [...begins, ...contains];
  return { values: all.slice(0, MOST_VALUES), total: all.length, hasMore: all.length > MOST_VALUES };
}
