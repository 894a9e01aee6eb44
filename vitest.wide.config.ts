/** What `pnpm test` leaves out, but for what takes minutes: `pnpm test:wide`. */
import { defineConfig, mergeConfig } from 'vitest/config';
import base, { wide } from './vitest.config.ts';

// `include` of a merged configuration would be added to the other, not take its place.
const { include: _, exclude: __, ...shared } = base.test ?? {};

export default mergeConfig(defineConfig({ ...base, test: shared }), defineConfig({ test: { include: wide } }));
