/**
 * Fails when code of ours reads our own English: makes a copy of the repository whose core words every error and notice
 * otherwise, builds it, and runs the suites of all that uses the core.
 *
 *   pnpm test:reworded [FILTER…]        filters as vitest takes them
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { rewordErrors, rewordNotices } from './reword.ts';

const repository = join(import.meta.dirname, '../../..');
const copy = mkdtempSync(join(realpathSync(tmpdir()), 'ollama-toolbelt-reworded-'));
try {
  copyRepository();
  rewordCore();
  const built = ['core', 'mcp-server', 'n8n-nodes'].every((name) => succeeds(join(copy, 'packages', name), 'tsup'));
  const config = 'test/house/reworded/vitest.config.ts';
  if (!built || !succeeds(copy, 'vitest', 'run', '--config', config, ...process.argv.slice(2))) {
    console.error(
      'What fails here and passes in "pnpm test" reads a message or hint of the core: let it read a field.',
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Everything but what is made; links between packages lead to those of the copy. */
function copyRepository(): void {
  const left = new Set(['.git', 'dist', 'node_modules']);
  cpSync(repository, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => source === repository || !left.has(basename(source)),
  });
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  for (const modules of globSync('*/**/node_modules', { cwd: repository, exclude: ['**/node_modules/*'] }))
    cpSync(join(repository, modules), join(copy, modules), { recursive: true, verbatimSymlinks: true });
}

function rewordCore(): void {
  const source = join(copy, 'packages/core/src');
  let notices = 0;
  for (const file of globSync('**/*.ts', { cwd: source, exclude: ['**/*.test.ts'] })) {
    const path = join(source, file);
    const text = readFileSync(path, 'utf8');
    const reworded = rewordNotices(path, text);
    if (reworded !== text) notices += 1;
    writeFileSync(path, file === 'errors/errors.ts' ? rewordErrors(reworded) : reworded);
  }
  if (notices === 0) throw new Error('the core makes no notices any more: mend reword.ts');
}

function succeeds(cwd: string, tool: string, ...args: string[]): boolean {
  return spawnSync(join(repository, 'node_modules/.bin', tool), args, { cwd, stdio: 'inherit' }).status === 0;
}
