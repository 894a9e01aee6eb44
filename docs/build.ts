/**
 * Builds the site: `pnpm docs:build [FOLDER]`, by default into `docs/.vitepress/dist`. `pnpm docs:dev` serves it instead,
 * and follows changes of the pages.
 *
 * First come the pages that are made from the code: `reference/` from what the packages say of themselves, `api/` from
 * their docstrings. Last, every link of the built site is followed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brokenLinks } from './check-links.ts';

const docs = import.meta.dirname;
const [option] = process.argv.slice(2);
const output = option === undefined ? join(docs, '.vitepress/dist') : resolve(option);

const bin = (path: string) => join(docs, 'node_modules', path);

// The home page can only show a picture that is in `public/`.
copyFileSync(join(docs, 'images/demo.svg'), join(docs, 'public/demo.svg'));
run(process.execPath, ['--conditions=source', 'generate/pages.ts']);
run(process.execPath, [bin('typedoc/bin/typedoc')]);
if (option === '--dev') {
  run(process.execPath, [bin('vitepress/bin/vitepress.js'), 'dev', '.']);
} else {
  const log = run(process.execPath, [bin('vitepress/bin/vitepress.js'), 'build', '.', '--outDir', output], 'pipe');
  console.log(log);
  // A page that Vue cannot render is left empty, and the build succeeds.
  if (/^\w*Error: /m.test(log)) process.exit(1);
  const { pages, links, broken } = brokenLinks(output);
  for (const { page, link } of broken) console.error(`${page}: ${link} leads nowhere`);
  console.log(`${pages} pages, ${links} links followed, ${broken.length} broken`);
  if (broken.length > 0) process.exitCode = 1;
}

function run(program: string, args: readonly string[], stdio: 'inherit' | 'pipe' = 'inherit'): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: docs, stdio, encoding: 'utf8' });
  const log = `${stdout ?? ''}${stderr ?? ''}`;
  if (status === 0) return log;
  console.error(log);
  process.exit(status ?? 1);
}
