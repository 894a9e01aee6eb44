/** The tests that take minutes: `pnpm test:slow`. */
import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

// `include` of a merged configuration would be added to the other, not take its place.
const { include: _, exclude: __, ...shared } = base.test ?? {};

export default mergeConfig(
  defineConfig({ ...base, test: shared }),
  defineConfig({ test: { include: ['test/long/*.test.ts'] } }),
);
