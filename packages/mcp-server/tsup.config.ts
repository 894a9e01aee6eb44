import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { knownToolsPlugin } from './scripts/known-tools.ts';
import { modelsPagePlugin } from './scripts/models-page.ts';
import { nodeModulesPlugin } from './scripts/node-modules.ts';
import { onDemandPlugin } from './scripts/on-demand.ts';
import { thirdPartyNotices } from './scripts/third-party.ts';

const versionOf = (file: string): string => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).version;
const version = versionOf('package.json');

/** Files of other packages in what is built here. */
const bundled = new Set<string>();

const shared: Options = {
  format: ['esm'],
  // Without dependencies: starts faster, and `npx` has nothing else to fetch.
  noExternal: [/.*/],
  splitting: false,
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  minify: true,
  sourcemap: true,
  define: { PACKAGE_VERSION: JSON.stringify(version), CORE_VERSION: JSON.stringify(versionOf('../core/package.json')) },
  esbuildOptions(options) {
    options.conditions = ['source', ...(options.conditions ?? [])];
    // THIRD-PARTY.txt has what is due to others.
    options.legalComments = 'none';
    options.metafile = true;
    // The maps give a stack its files and lines. With the text of all sources, `npx` would fetch three times as much.
    options.sourcesContent = false;
  },
  esbuildPlugins: [
    modelsPagePlugin,
    knownToolsPlugin,
    {
      name: 'third-party-notices',
      setup(build) {
        build.onEnd(({ metafile }) => {
          for (const output of Object.values(metafile?.outputs ?? {})) {
            for (const [file, { bytesInOutput }] of Object.entries(output.inputs))
              if (bytesInOutput > 0) bundled.add(file);
          }
          mkdirSync('dist', { recursive: true });
          writeFileSync('dist/THIRD-PARTY.txt', thirdPartyNotices(bundled));
        });
      },
    },
    {
      // What the SDK takes from its platform: a validator, which the server never uses (see server/sdk-server.ts) and which
      // would be a third of the file, and the streams of a process, which it has its own transport for.
      name: 'no-platform-of-the-sdk',
      setup(build) {
        build.onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, () => ({
          path: 'shims',
          namespace: 'sdk-platform',
        }));
        build.onLoad({ filter: /.*/, namespace: 'sdk-platform' }, () => ({
          contents: 'export class DefaultJsonSchemaValidator {} export const process = {};',
        }));
      },
    },
    {
      // Imported as a module, it runs every getter that Node's `process` has, which takes longer than our own code.
      name: 'process-is-global',
      setup(build) {
        build.onResolve({ filter: /^(node:)?process$/ }, () => ({ path: 'process', namespace: 'global' }));
        build.onLoad({ filter: /.*/, namespace: 'global' }, () => ({ contents: 'export default process;' }));
      },
    },
  ],
};

/** An old Node would show a stack. It still parses the file, so this can come first in it. */
const refuseOldNode =
  "if (Number(process.versions.node.split('.', 1)[0]) < 20) { console.error('ollama-toolbelt-mcp: Node 20.18.1 or newer is needed; this is ' + process.version + '.'); process.exit(2); }";

/** Bundled CommonJS (undici) asks for Node's own modules by `require`. */
const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Leaves a module in a file of its own. */
const ownFile = (filter: RegExp, path: string): NonNullable<Options['esbuildPlugins']>[number] => ({
  name: 'own-file',
  setup(build) {
    build.onResolve({ filter }, () => ({ path, external: true }));
  },
});

export default defineConfig([
  {
    ...shared,
    entry: ['src/cli.ts'],
    platform: 'node',
    target: 'node20',
    banner: { js: `${refuseOldNode}\n${require}` },
    esbuildPlugins: [...(shared.esbuildPlugins ?? []), nodeModulesPlugin, ownFile(/\/command\.ts$/, './command.js')],
  },
  {
    ...shared,
    entry: ['src/command.ts'],
    platform: 'node',
    target: 'node20',
    banner: { js: require },
    esbuildPlugins: [
      ...(shared.esbuildPlugins ?? []),
      nodeModulesPlugin,
      onDemandPlugin((file) => bundled.add(file)),
      // The parsers of settings cost the start of the server nothing.
      ownFile(/\/setup\/setup\.ts$/, './setup.js'),
    ],
  },
  {
    ...shared,
    entry: ['src/cli/setup/setup.ts'],
    platform: 'node',
    target: 'node20',
    banner: { js: require },
    // CommonJS that asks for `process` wants the module itself.
    esbuildPlugins: (shared.esbuildPlugins ?? []).filter(({ name }) => name !== 'process-is-global'),
  },
  {
    ...shared,
    entry: ['src/handler.ts'],
    platform: 'neutral',
    target: 'es2022',
    esbuildPlugins: [
      ...(shared.esbuildPlugins ?? []),
      {
        name: 'without-node',
        setup(build) {
          build.onResolve({ filter: /^node:/ }, ({ path, importer }) => ({
            errors: [{ text: `${importer} imports ${path}, which workers do not have.` }],
          }));
        },
      },
    ],
  },
]);
