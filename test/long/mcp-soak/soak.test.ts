import { test } from 'vitest';
import { soak, transports } from './soak.ts';

// `pnpm test:slow` makes 20,000 calls.
test.each(transports)('600 calls over %s, with faults and cancels, leave nothing behind', (transport) =>
  soak(transport, 600),
);
