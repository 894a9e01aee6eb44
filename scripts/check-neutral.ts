/**
 * Fails if the built neutral entry of the core needs a platform: n8n's scan rejects a package whose code names a timer,
 * `process` or the console, and a browser has no `node:` modules. The node package bundles this entry, so it must also
 * stay small.
 *
 *   node scripts/check-neutral.ts        after a build
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

const entry = 'packages/core/dist/neutral.js';
/** Minified. Raise it only for a feature that is worth its bytes in every browser and every n8n bundle. */
const maxBytes = 101_000;
const forbidden = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'process',
  'global',
  'globalThis',
  '__dirname',
  '__filename',
  'console',
];

interface Metafile {
  inputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
}
interface Esbuild {
  build(options: object): Promise<{ outputFiles: { text: string }[]; metafile: Metafile }>;
}

const root = join(import.meta.dirname, '..');
// esbuild comes with tsup. It parses the code: a name in a string, a comment, a member or a local variable does not
// count.
const esbuild: Esbuild = createRequire(realpathSync(join(root, 'node_modules/tsup/package.json')))('esbuild');

async function bundle(options: object = {}): Promise<{ text: string; metafile: Metafile }> {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    logLevel: 'silent',
    // Any module that is not one of the entry's own files stays an import, for the check to name.
    packages: 'external',
    ...options,
  });
  return { text: outputFiles[0]!.text, metafile };
}

function foreignImports({ inputs }: Metafile): string[] {
  return Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ external }) => external).map(({ path }) => `${file} imports "${path}"`),
  );
}

/** esbuild's `define` replaces a name only if it is free, so the replaced names are the free ones. */
async function freeNames(): Promise<string[]> {
  const mark = (name: string) => `__free_${name}__`;
  const define = Object.fromEntries(forbidden.map((name) => [name, mark(name)]));
  const { text } = await bundle({ define });
  return forbidden.filter((name) => text.includes(mark(name))).map((name) => `it uses the name "${name}"`);
}

const { text, metafile } = await bundle({ minify: true });
const bytes = Buffer.byteLength(text);
const problems = [
  ...foreignImports(metafile),
  ...(await freeNames()),
  ...(bytes > maxBytes ? [`it is ${bytes} bytes long minified, more than ${maxBytes}`] : []),
];
const name = relative(root, join(root, entry));
if (problems.length > 0) {
  console.error(`${name} is to run on any platform and to stay small, but:`);
  for (const problem of problems) console.error(`  - ${problem}`);
  process.exitCode = 1;
} else {
  console.log(`${name}: no platform needed, ${bytes} bytes minified`);
}
