import { cp, glob, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defineConfig } from 'tsup';
import manifest from './package.json' with { type: 'json' };

/** The files that n8n loads: from each, the class of the same name. */
const loaded = [...manifest.n8n.credentials, ...manifest.n8n.nodes];

/** All code is in one file, so shared code is bundled only once and every name in it is short. */
const BUNDLE = 'dist/bundle.js';

/** A file that n8n loads. It also reads the name of the class, which is minified in the bundle like all other names. */
function loadedFile(file: string): string {
  const [className] = path.basename(file).split('.');
  const bundle = path.posix.relative(path.posix.dirname(file), BUNDLE);
  return `const { ${className} } = require('${bundle}');
Object.defineProperty(${className}, 'name', { value: '${className}' });
module.exports = { ${className} };
`;
}

export default defineConfig({
  entry: { bundle: 'bundle.ts' },
  format: ['cjs'],
  outExtension: () => ({ js: '.js' }),
  target: 'node20',
  platform: 'node',
  clean: true,
  minify: true,
  // A community node has no dependencies of its own: they are bundled, and the rest comes from the running n8n.
  noExternal: [/^@ollama-toolbelt\/core/, '@cfworker/json-schema'],
  external: ['n8n-workflow', '@n8n/ai-node-sdk'],
  esbuildOptions(options) {
    options.conditions = ['source'];
    // n8n puts its own packages on NODE_PATH, which only require() uses.
    options.supported = { 'dynamic-import': false };
  },
  async onSuccess() {
    await cp('icons', 'dist/icons', { recursive: true });
    for await (const file of glob('nodes/**/*.json')) await cp(file, path.join('dist', file));
    for (const file of loaded) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, loadedFile(file));
    }
  },
});
