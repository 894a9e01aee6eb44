import { cp, glob } from 'node:fs/promises';
import path from 'node:path';
import { defineConfig, type Options } from 'tsup';
import manifest from './package.json' with { type: 'json' };

/** What n8n loads, as package.json names it: it makes an instance of the class that is called like the file. */
const loaded = [...manifest.n8n.credentials, ...manifest.n8n.nodes].map((file) =>
  file.replace(/^dist\/(.*)\.js$/, '$1'),
);

type EsbuildPlugin = NonNullable<Options['esbuildPlugins']>[number];
let esbuild: Parameters<EsbuildPlugin['setup']>[0]['esbuild'];

/** n8n reads the name of the class that it loads, which would otherwise be made short as all other names are. */
const withClassName = (code: string, name: string): string =>
  code.includes(`${name} = class`) || code.includes(`class ${name} `)
    ? `${code}\nObject.defineProperty(${name}, 'name', { value: '${name}' });\n`
    : code;

export default defineConfig({
  entry: Object.fromEntries(loaded.map((file) => [file, `${file}.ts`])),
  // What several of the files need, above all the core, is in one file that they share. esbuild splits only modules of
  // this format; n8n loads CommonJS, so each file is turned into that at the end.
  format: ['esm'],
  outExtension: () => ({ js: '.js' }),
  splitting: true,
  target: 'node20',
  platform: 'node',
  clean: true,
  esbuildPlugins: [
    {
      name: 'borrow-esbuild',
      setup(build) {
        esbuild = build.esbuild;
      },
    },
  ],
  plugins: [
    {
      name: 'commonjs',
      renderChunk: async (code, { path: file }) =>
        esbuild.transform(withClassName(code, path.parse(file).name.replace('.node', '').replace('.credentials', '')), {
          format: 'cjs',
          platform: 'node',
          target: 'node20',
          minifySyntax: true,
          minifyWhitespace: true,
          minifyIdentifiers: true,
          // n8n puts its own packages on NODE_PATH, which only require() looks at.
          supported: { 'dynamic-import': false },
        }),
    },
  ],
  // A community node has no dependencies of its own: the core is bundled, the others are the running n8n's.
  noExternal: [/^@ollama-toolbelt\/core/],
  external: ['n8n-workflow', '@n8n/ai-node-sdk'],
  esbuildOptions(options) {
    options.conditions = ['source'];
    options.minifySyntax = true;
    options.minifyWhitespace = true;
  },
  async onSuccess() {
    await cp('icons', 'dist/icons', { recursive: true });
    for await (const file of glob('nodes/**/*.json')) await cp(file, path.join('dist', file));
  },
});
