/**
 * `pnpm demo`: installs and builds what the demo needs, with a line of progress for each, then runs it. Plain JavaScript
 * without dependencies, since it runs before anything is installed, on any Node from 20 on.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const verbose = process.argv.includes('--verbose');
const demoArguments = process.argv.slice(2).filter((argument) => argument !== '--verbose');

/** The program that the demo starts, and its sources. */
const built = 'packages/mcp-server/dist/cli.js';
const sources = [
  'packages/core/src',
  'packages/core/package.json',
  'packages/mcp-server/src',
  'packages/mcp-server/package.json',
  'packages/mcp-server/tsup.config.ts',
  'pnpm-lock.yaml',
];

/** The file that an install writes last, and the files it depends on. */
const installed = 'node_modules/.modules.yaml';
const wanted = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'demo/package.json', 'packages/mcp-server/package.json'];

// Ctrl-C reaches the whole group: the demo ends its child processes, and then this exits with its code.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});

const pnpm = process.env['npm_execpath'] ?? 'pnpm';
// The Node that the demo installs: an older one cannot run TypeScript.
const bin = join(root, 'demo/node_modules/.bin');
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env['PATH']}`,
  // Caches compiled code for the next run: a third less CPU time.
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(root, 'node_modules/.cache/demo'),
};

// Not the whole workspace: its tests need several runtimes, hundreds of megabytes.
const filter = ['--filter', '@ollama-toolbelt/demo...'];
// Without this, pnpm checks how old every version in the lockfile is, and downloads 300 MB for that. The lockfile has the
// hashes of what is installed.
const unchecked = '--config.minimumReleaseAge=0';
await step('Install', ['install', '--frozen-lockfile', unchecked, ...filter], installed, wanted);
await step('Build', ['--filter', '@ollama-toolbelt/mcp-server', 'exec', 'tsup'], built, sources);

const args = ['--conditions=source', join(root, 'demo/main.ts'), ...demoArguments];
process.exitCode = await ended(spawn(nodeOfDemo(), args, { stdio: 'inherit', env }));

/**
 * Runs pnpm with one line of progress, unless its output is newer than its sources. The output of pnpm is shown with
 * --verbose, or if it fails.
 */
async function step(name, args, made, sources) {
  if (isNewer(made, sources)) return console.log(`${name}: up to date`);
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
  if (verbose) console.log(`${name}: pnpm ${args.join(' ')}`);
  const isScript = /\.[cm]?js$/.test(pnpm);
  const child = spawn(isScript ? process.execPath : pnpm, isScript ? [pnpm, ...args] : args, {
    cwd: root,
    env,
    stdio: verbose ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    // On Windows, pnpm on the PATH is a script, which only a shell runs.
    shell: process.platform === 'win32' && pnpm === 'pnpm',
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => output.push(bytes));
  const isShown = process.stdout.isTTY && !verbose;
  const timer = isShown && setInterval(() => process.stdout.write(`\r${name}: ${seconds()}`), 100);
  const code = await ended(child);
  clearInterval(timer);
  if (isShown) process.stdout.write('\r\u001b[K');
  if (code === 0) return console.log(`${name}: done in ${seconds()}`);
  process.stderr.write(Buffer.concat(output));
  console.error(`${name}: failed. "pnpm demo --verbose" shows it as it happens.`);
  process.exit(code);
}

/** The exit code of a child; null if a signal ended it. */
function ended(child) {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function isNewer(made, sources) {
  const file = join(root, made);
  return existsSync(file) && sources.every((source) => lastChange(join(root, source)) < statSync(file).mtimeMs);
}

/** The program itself: through a shell script, Ctrl-C would not reach it on Windows. */
function nodeOfDemo() {
  return join(root, 'demo/node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function lastChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => lastChange(join(path, name))));
}
