import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

export default defineConfig({
  entry: ['src/cli.ts'],
  format: ['esm'],
  platform: 'node',
  target: 'node20',
  // One file without dependencies: starts faster, and `npx` has nothing else to fetch.
  noExternal: [/.*/],
  splitting: false,
  minify: true,
  clean: true,
  define: { PACKAGE_VERSION: JSON.stringify(version) },
  esbuildOptions(options) {
    options.conditions = ['source', ...(options.conditions ?? [])];
    options.legalComments = 'none';
  },
  esbuildPlugins: [
    {
      // The server never validates by ajv (see sdk-server.ts), which would be a tenth of the file and of the start.
      name: 'without-ajv',
      setup(build) {
        build.onLoad({ filter: /validation[/\\]ajv-provider\.js$/ }, () => ({
          contents: 'export class AjvJsonSchemaValidator {}',
        }));
      },
    },
  ],
  // Bundled CommonJS (undici) asks for Node's own modules by `require`.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
