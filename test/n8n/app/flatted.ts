export interface FlattedRun {
  resultData: {
    error?: { message: string; description?: string | null };
    runData: Record<string, NodeRun[]>;
  };
}

export interface NodeRun {
  executionStatus: string;
  data?: Record<string, ({ json: Record<string, unknown> }[] | null)[]>;
  error?: { message: string; description?: string | null };
  metadata?: Record<string, unknown>;
  /** The hints that the editor shows with the output. */
  hints?: { message: string }[];
}

/** Items of a node's first output in its first run. */
export const itemsOf = (run: FlattedRun, node = 'Ollama') =>
  (run.resultData.runData[node]?.[0]?.data?.['main']?.[0] ?? []).map(({ json }) => json);

/** The data of an execution as n8n stores it: a list of values in which a string is the index of another value. */
export function unflatten(text: string): FlattedRun {
  const values: unknown[] = JSON.parse(text);
  const done = new Map<number, unknown>();
  const valueAt = (at: number): unknown => {
    if (done.has(at)) return done.get(at);
    const value = values[at];
    if (typeof value !== 'object' || value === null) return value;
    const whole: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
    done.set(at, whole);
    for (const [key, inner] of Object.entries(value)) {
      Object.assign(whole, { [key]: typeof inner === 'string' ? valueAt(Number(inner)) : inner });
    }
    return whole;
  };
  return valueAt(0) as FlattedRun;
}
