import { setTimeout as pause } from 'node:timers/promises';

/** Calls of the system that a thread of the process waits for. */
const WAITS = ['FSReqCallback', 'FSReqPromise', 'GetAddrInfoReqWrap', 'GetNameInfoReqWrap'];

/** Time for those to end by themselves. */
const PATIENCE_MS = 200;
const STEP_MS = 10;

const isWaiting = () => process.getActiveResourcesInfo().some((name) => WAITS.includes(name));

/**
 * Ends the process. Node's exit waits for its threads: one that reads from a disk that does not answer, or waits for a
 * name server, would keep the process forever. Then the system ends it, and the code is lost.
 */
export async function leave(code: number): Promise<void> {
  for (let waited = 0; isWaiting() && waited < PATIENCE_MS; waited += STEP_MS) await pause(STEP_MS);
  if (isWaiting()) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
