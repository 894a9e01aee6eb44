/**
 * The attacker in the race: `node swap-folder.ts FOLDER OTHER` makes FOLDER a folder and a link to OTHER in turns, until
 * it is ended, and for five minutes at most.
 */
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';

const [folder = '', other = ''] = process.argv.slice(2);
const aside = `${folder}.aside`;
process.stdout.write('ready\n');
for (const end = Date.now() + 300_000; Date.now() < end; ) {
  renameSync(folder, aside);
  symlinkSync(other, folder);
  unlinkSync(folder);
  renameSync(aside, folder);
}
