import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

export default defineConfig({
  entry: ['src/index.ts', 'src/node/index.ts', 'src/fetch/index.ts', 'src/schemas/index.ts'],
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  clean: true,
  define: { CORE_VERSION: JSON.stringify(version) },
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  external: [/^node:/],
});
