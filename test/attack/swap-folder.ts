/**
 * The attacker in the race: `node swap-folder.ts FOLDER OTHER` makes FOLDER a folder and a link to OTHER in turns, until
 * it is ended, and for five minutes at most. Now and then it rests for a moment: with a processor of its own it would
 * otherwise let no call succeed, and a test could not tell a safe read from none.
 */
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';

const [folder = '', other = ''] = process.argv.slice(2);
const aside = `${folder}.aside`;
const SWAPS = 200;
const REST_MS = 10;
const clock = new Int32Array(new SharedArrayBuffer(4));
process.stdout.write('ready\n');
let swaps = 0;
for (const end = Date.now() + 300_000; Date.now() < end; swaps += 1) {
  renameSync(folder, aside);
  symlinkSync(other, folder);
  unlinkSync(folder);
  renameSync(aside, folder);
  if (swaps % SWAPS === 0) Atomics.wait(clock, 0, 0, REST_MS);
}
