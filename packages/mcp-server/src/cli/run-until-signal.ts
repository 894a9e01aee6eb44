import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs until it is done or the process gets a signal. Then `signal` aborts, and the run ends what it has begun. A second
 * signal ends the process at once.
 *
 * @returns the exit code: that of the run, or 128 and the number of the signal, as shells have it.
 */
export async function runUntilSignal(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let code: number | undefined;
  const end = (name: (typeof SIGNALS)[number] | 'SIGPIPE') => {
    code ??= 128 + constants.signals[name];
    controller.abort(name);
  };
  for (const name of SIGNALS) process.once(name, end);
  // Whoever read our output has left.
  process.stdout.on('error', () => end('SIGPIPE'));
  try {
    const result = await run(controller.signal);
    return code ?? result;
  } catch (error) {
    if (code === undefined) throw error;
    return code;
  }
}
