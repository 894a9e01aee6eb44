/** 128 and the number of the signal, as shells have it. Windows has no number for a pipe that nobody reads. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141 } as const;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs until it is done or the process gets a signal. Then `signal` aborts, and the run ends what it has begun. A second
 * signal ends the process at once.
 *
 * @returns the exit code: that of the run, or that of the signal.
 */
export async function runUntilSignal(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let code: number | undefined;
  const end = (name: keyof typeof EXIT_CODES) => {
    code ??= EXIT_CODES[name];
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
