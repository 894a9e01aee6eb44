import { test } from 'vitest';
import { soak, transports } from './mcp-soak/soak.ts';

test.each(transports)(
  '20,000 calls over %s, with faults and cancels, leave nothing behind',
  { timeout: 1_200_000 },
  (transport) => soak(transport, 20_000),
);
