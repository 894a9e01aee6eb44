/**
 * Replaces `fixtures/mcp/server-process.ts` in mutation tests. Another process would have none of the faults: a test that
 * starts one fails at once, so its results do not count.
 */
export function startServer(): never {
  throw new Error('Mutants are only in this process.');
}

export async function endProcess(): Promise<void> {}
