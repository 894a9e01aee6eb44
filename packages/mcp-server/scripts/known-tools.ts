/** The facts and schemas of the tools as JSON, without the code that runs them. See `src/server/known-tools.ts`. */
import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];
type Esbuild = Parameters<Plugin['setup']>[0]['esbuild'];

const source = fileURLToPath(new URL('../src/server/known-tools.ts', import.meta.url));

/** Replaces the module with its value. */
export const knownToolsPlugin: Plugin = {
  name: 'known-tools',
  setup(build) {
    build.onLoad({ filter: /server[/\\]known-tools\.ts$/ }, async () => {
      const json = JSON.stringify(await knownTools(build.esbuild));
      // Parsing JSON is faster than parsing an object literal.
      return { contents: `export const knownTools = JSON.parse(${JSON.stringify(json)});` };
    });
  },
};

async function knownTools(esbuild: Esbuild): Promise<unknown> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [source],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    define: { PACKAGE_VERSION: '""', CORE_VERSION: '""' },
  });
  const program = outputFiles[0]!.text;
  const module: { knownTools: unknown } = await import(`data:text/javascript,${encodeURIComponent(program)}`);
  return module.knownTools;
}
