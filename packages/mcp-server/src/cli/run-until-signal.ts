/** 128 and the number of the signal, as shells have it. Windows has no number for a pipe that nobody reads. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141, SIGBREAK: 149 } as const;
/** SIGBREAK is Ctrl-Break, which Windows alone has. */
const SIGNALS = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
] as const;

/** Longest time that a run gets to end what it has begun. */
const GRACE_MS = 700;

/**
 * Runs until it is done or the process gets a signal. Then `signal` aborts, and the run ends what it has begun. A second
 * signal ends the process at once.
 *
 * @param closedOutputCode the exit code if the reader of our output leaves; by default that of a broken pipe
 * @returns the exit code: that of the run, or that of the signal.
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
  // The reader of our log may leave too; nothing depends on it.
  process.stderr.on('error', () => {});
  try {
    const result = await Promise.race([run(controller.signal), outOfTime]);
    return code ?? result;
  } catch (error) {
    if (code === undefined) throw error;
    return code;
  } finally {
    // From here on a signal ends the process at once.
    for (const name of SIGNALS) process.removeAllListeners(name);
  }
}
