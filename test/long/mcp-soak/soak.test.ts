import { test } from 'vitest';
import { doors, soak } from './soak.ts';

// `pnpm test:slow` makes 20,000 calls.
test.each(doors)('600 calls over %s, with faults and cancels, leave nothing behind', (door) => soak(door, 600));
