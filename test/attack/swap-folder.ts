/**
 * The attacker in the race: `node swap-folder.ts FOLDER OTHER` makes FOLDER a folder and a link to OTHER in turns, for
 * 30 seconds or until it is ended.
 */
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';

const [folder = '', other = ''] = process.argv.slice(2);
const aside = `${folder}.aside`;
process.stdout.write('ready\n');
for (const end = Date.now() + 30_000; Date.now() < end; ) {
  renameSync(folder, aside);
  symlinkSync(other, folder);
  unlinkSync(folder);
  renameSync(aside, folder);
}
