/**
 * Fails if our code depends on our own English texts: makes a copy of the repository whose core has different messages
 * for every error and notice, builds it, and runs the suites of everything that uses the core.
 *
 *   pnpm test:reworded [FILTER…]        filters for vitest
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyRepository, repository } from '../../fixtures/repository-copy.ts';
import { rewordErrors, rewordNotices } from './reword.ts';

using copy = copyRepository('reworded');
rewordCore();
const built = ['core', 'mcp-server', 'n8n-nodes'].every((name) => succeeds(join(copy.path, 'packages', name), 'tsup'));
const config = 'test/house/reworded/vitest.config.ts';
if (!built || !succeeds(copy.path, 'vitest', 'run', '--config', config, ...process.argv.slice(2))) {
  console.error('What fails here and passes in "pnpm test" reads a message or hint of the core: let it read a field.');
  process.exitCode = 1;
}

function rewordCore(): void {
  const source = join(copy.path, 'packages/core/src');
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
