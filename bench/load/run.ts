/**
 * How many users one machine can serve before they wait for anything but the model: `pnpm bench:load`. Users, servers
 * and everything in between share the machine, so read the ratios, and where they break.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accessPaths } from './access-paths.ts';
import { closedLoop } from './closed-loop.ts';
import { ANSWER_MS, TOKENS } from './pace.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '10,100,1000' },
    seconds: { type: 'string', default: '10' },
  },
});
const levels = values.users.split(',').map(Number);
const seconds = Number(values.seconds);

const server = spawn(
  process.execPath,
  ['--conditions=source', fileURLToPath(new URL('./paced-server.ts', import.meta.url))],
  {
    stdio: ['pipe', 'pipe', 'inherit'],
  },
);
const [port] = (await once(createInterface(server.stdout), 'line')) as [string];

console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB`);
console.log(`Each answer has ${TOKENS} tokens and takes the model ${ANSWER_MS} ms; ${seconds} s at each level.\n`);
console.log('| through | users | time, median | time, 95 % | answers | failures |');
console.log('|---|---|---|---|---|---|');
try {
  for (const open of accessPaths) {
    await using path = await open(`http://127.0.0.1:${port}`);
    await closedLoop(path.ask, 300, 3); // Warm-up.
    for (const users of levels) {
      const { median, slow, answers, failures } = await closedLoop(path.ask, users, seconds);
      const ratios = [median, slow].map((ratio) => `${ratio.toFixed(2)}x`);
      const row = [path.name, users, ...ratios, answers, failures];
      console.log(`| ${row.join(' | ')} |`);
    }
  }
} finally {
  server.stdin.end();
}
