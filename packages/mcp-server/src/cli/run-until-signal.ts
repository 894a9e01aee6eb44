/** 128 plus the number of the signal, as in shells. Windows has no number for a broken pipe. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141, SIGBREAK: 149 } as const;
/** SIGBREAK is Ctrl-Break, which only exists on Windows. */
const SIGNALS = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
] as const;

/** Maximum time for a run to clean up. */
const GRACE_MS = 700;

/**
 * Runs until it is done or the process receives a signal. Then `signal` aborts, and the run can clean up. A second
 * signal ends the process at once.
 *
 * @param closedOutputCode the exit code if stdout is closed; by default that of a broken pipe
 * @returns the exit code of the run, or of the signal.
 */
export async function runUntilSignal(
  run: (signal: AbortSignal) => Promise<number>,
  closedOutputCode: number = EXIT_CODES.SIGPIPE,
): Promise<number> {
  const controller = new AbortController();
  let code: number | undefined;
  const outOfTime = new Promise<number>((resolve) => {
    controller.signal.addEventListener('abort', () => setTimeout(resolve, GRACE_MS, 1), { once: true });
  });
  const end = (ownCode: number, reason: string) => {
    code ??= ownCode;
    controller.abort(reason);
  };
  for (const name of SIGNALS) process.once(name, () => end(EXIT_CODES[name], name));
  process.stdout.on('error', () => end(closedOutputCode, 'SIGPIPE'));
  try {
    const result = await Promise.race([run(controller.signal), outOfTime]);
    return code ?? result;
  } catch (error) {
    if (code === undefined) throw error;
    return code;
  } finally {
    // From here on, a signal ends the process at once.
    for (const name of SIGNALS) process.removeAllListeners(name);
  }
}
