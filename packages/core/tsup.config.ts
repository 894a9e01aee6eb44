import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/node/index.ts', 'src/fetch/index.ts', 'src/schemas/index.ts'],
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  clean: true,
});
