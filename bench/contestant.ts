/** Runs one contestant in a separate process: `node contestant.ts ROW NAME HOST PEERS`. Messages start each run. */
import { rows } from './rows.ts';

const [id, name = '', host = '', peers = ''] = process.argv.slice(2);
const contestant = rows.find((row) => row.id === id)?.contestants[name];
if (contestant === undefined) throw new Error(`There is no contestant ${name} of ${id}.`);
const work = await contestant({ host, peers });

process.on('message', async () => {
  globalThis.gc?.();
  const before = process.cpuUsage();
  const start = performance.now();
  const more = await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  process.send?.({ ...more, wall, cpu: (user + system) / 1000 });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
