import { cp } from 'node:fs/promises';
import { defineConfig } from 'tsup';

const node = 'nodes/OllamaToolbelt/OllamaToolbelt.node';

export default defineConfig({
  // n8n makes an instance of the class that is called like the file.
  entry: {
    'credentials/OllamaToolbeltApi.credentials': 'credentials/OllamaToolbeltApi.credentials.ts',
    [node]: `${node}.ts`,
  },
  format: ['cjs'],
  target: 'node20',
  platform: 'node',
  splitting: false,
  clean: true,
  // A community node has no dependencies of its own: the core is bundled, n8n-workflow is the running n8n's.
  noExternal: ['@ollama-toolbelt/core'],
  external: ['n8n-workflow'],
  esbuildOptions(options) {
    options.conditions = ['source'];
    // Small, and still with the names of the source in a stack trace.
    options.minifySyntax = true;
    options.minifyWhitespace = true;
  },
  async onSuccess() {
    await cp('icons', 'dist/icons', { recursive: true });
    await cp(`${node}.json`, `dist/${node}.json`);
  },
});
