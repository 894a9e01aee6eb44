import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

export default defineConfig({
  // Each function has a file of its own in the package, so a bundle gets no more than the functions it calls.
  entry: ['src/neutral.ts', 'src/node/index.ts', 'src/fetch/index.ts', 'src/functions/*.ts', 'src/schemas/index.ts'],
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  clean: true,
  // With the sources in them, so a debugger and a stack show the code as it was written.
  sourcemap: true,
  define: { CORE_VERSION: JSON.stringify(version) },
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  external: [/^node:/],
  plugins: [
    {
      name: 'no imports for their own sake',
      // No module does anything when it is loaded, and a bundler counts each import as a need. The line stays, for the maps.
      renderChunk: (code) => ({ code: code.replace(/^import "\.[^"]+";$/gm, '') }),
    },
  ],
});
