import { setTimeout as pause } from 'node:timers/promises';

/** System calls that a thread of the process waits for. */
const WAITS = ['FSReqCallback', 'FSReqPromise', 'GetAddrInfoReqWrap', 'GetNameInfoReqWrap'];

/** Time for these to finish. */
const PATIENCE_MS = 200;
const STEP_MS = 10;

const isWaiting = () => process.getActiveResourcesInfo().some((name) => WAITS.includes(name));

/**
 * Ends the process. Node waits for its threads on exit, so one that hangs on a disk or a name server would keep the
 * process running forever. In that case the process kills itself, and the exit code is lost.
 */
export async function leave(code: number): Promise<void> {
  for (let waited = 0; isWaiting() && waited < PATIENCE_MS; waited += STEP_MS) await pause(STEP_MS);
  if (isWaiting()) process.kill(process.pid, 'SIGKILL');
  process.exit(code);
}
