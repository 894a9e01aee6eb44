// When its stdin ends, ends every process whose home is the given folder, and removes the folder. That happens when the
// test closes stdin, and also when the test runner dies. Finds the children of hosts by their environment, because some
// hosts start them in separate groups.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = process.argv[2];
const mine = () =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOME=${folder}`);
    } catch {
      return false;
    }
  });

process.stdin.resume();
process.stdin.on('error', () => {});
process.stdin.once('close', async () => {
  // A process may have started another one just before it was ended.
  for (let round = 0; round < 20; round++) {
    const pids = mine();
    if (pids.length === 0) break;
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {}
    }
    await sleep(50);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});
