import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Esbuild {
  build(options: object): Promise<{ outputFiles: { text: string }[] }>;
}

const path = (fromRoot: string) => fileURLToPath(new URL(`../../${fromRoot}`, import.meta.url));

// esbuild comes with tsup.
const esbuild: Esbuild = createRequire(realpathSync(path('node_modules/tsup/package.json')))('esbuild');

/** One file of an example as an ES module, with the built handler in it, as whoever deploys it makes it. */
export async function bundleExample(file: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path(`examples/${file}`)],
    alias: { '@ollama-toolbelt/mcp-server/handler': path('packages/mcp-server/dist/handler.js') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
