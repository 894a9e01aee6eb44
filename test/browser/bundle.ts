import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}

/** A module of this folder and what it imports, as one script for a browser. Fails where it needs another platform. */
export async function bundle(name: string): Promise<string> {
  // esbuild comes with tsup.
  const tsup = realpathSync(new URL('../../node_modules/tsup/package.json', import.meta.url));
  const esbuild: Esbuild = createRequire(tsup)('esbuild');
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['source'],
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
