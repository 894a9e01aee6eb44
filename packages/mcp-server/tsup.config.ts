import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { knownToolsPlugin } from './scripts/known-tools.ts';
import { modelsPagePlugin } from './scripts/models-page.ts';
import { nodeModulesPlugin } from './scripts/node-modules.ts';
import { onDemandPlugin } from './scripts/on-demand.ts';
import { thirdPartyNotices } from './scripts/third-party.ts';

const versionOf = (file: string): string => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).version;
const version = versionOf('package.json');

/** Files of other packages that are bundled. */
const bundled = new Set<string>();

const shared: Options = {
  format: ['esm'],
  // Bundles all dependencies: the server starts faster, and `npx` only downloads one package.
  noExternal: [/.*/],
  splitting: false,
  // `node:sqlite` does not work without the prefix.
  removeNodeProtocol: false,
  minify: true,
  sourcemap: true,
  define: { PACKAGE_VERSION: JSON.stringify(version), CORE_VERSION: JSON.stringify(versionOf('../core/package.json')) },
  esbuildOptions(options) {
    options.conditions = ['source', ...(options.conditions ?? [])];
    // THIRD-PARTY.txt has the license notices.
    options.legalComments = 'none';
    options.metafile = true;
    // The maps are only for files and lines in stacks. With all sources, `npx` would download three times as much.
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
      // Removes what the SDK imports for its platform: a validator that is never used (see server/sdk-server.ts) and
      // would be a third of the file, and process streams, for which the server has its own transport.
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
      // Importing `process` as a module runs all of its getters, which takes longer than our own code.
      name: 'process-is-global',
      setup(build) {
        build.onResolve({ filter: /^(node:)?process$/ }, () => ({ path: 'process', namespace: 'global' }));
        build.onLoad({ filter: /.*/, namespace: 'global' }, () => ({ contents: 'export default process;' }));
      },
    },
  ],
};

/** An old Node would only show a stack trace. It can still parse the file, so this check comes first. */
const refuseOldNode =
  "if (Number(process.versions.node.split('.', 1)[0]) < 20) { console.error('ollama-toolbelt-mcp: Node 20.18.1 or newer is needed; this is ' + process.version + '.'); process.exit(2); }";

/** Bundled CommonJS (undici) loads Node's modules with `require`. */
const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Keeps a module in a separate file. */
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
      // Separate, so the settings parsers do not slow down the start of the server.
      ownFile(/\/setup\/setup\.ts$/, './setup.js'),
    ],
  },
  {
    ...shared,
    entry: ['src/cli/setup/setup.ts'],
    platform: 'node',
    target: 'node20',
    banner: { js: require },
    // CommonJS that requires `process` needs the real module.
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
