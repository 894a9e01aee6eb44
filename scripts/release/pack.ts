/**
 * Packs everything that a release publishes into a folder, with a list of digests: `pnpm release:pack [FOLDER]`, by
 * default `release`. Build first.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { publishedFolders, repositoryRoot, sharedVersion } from './packages.ts';

const output = resolve(process.argv[2] ?? join(repositoryRoot, 'release'));
const server = join(repositoryRoot, 'packages/mcp-server');
const version = sharedVersion(repositoryRoot);

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
for (const folder of publishedFolders) {
  execFileSync('pnpm', ['pack', '--pack-destination', output], {
    cwd: join(repositoryRoot, 'packages', folder),
    // On Windows pnpm is a script, which only a shell runs.
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
execFileSync(
  process.execPath,
  ['--conditions=source', join(server, 'scripts/mcpb.ts'), join(output, 'ollama-toolbelt.mcpb')],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
for (const file of ['server.json', 'Dockerfile']) copyFileSync(join(server, file), join(output, file));

const digests = readdirSync(output)
  .sort()
  .map(
    (file) =>
      `${createHash('sha256')
        .update(readFileSync(join(output, file)))
        .digest('hex')}  ${file}\n`,
  )
  .join('');
// The format of `sha256sum --check`.
writeFileSync(join(output, 'SHA256SUMS'), digests);
console.log(`${version} in ${output}:\n${digests}`);
