import { test } from 'vitest';
import { doors, soak } from './mcp-soak/soak.ts';

test.each(doors)(
  '20,000 calls over %s, with faults and cancels, leave nothing behind',
  { timeout: 1_200_000 },
  (door) => soak(door, 20_000),
);
