import { expect, test } from 'vitest';
import { chat } from './parameters.ts';
import { useEngine } from './use-engine.ts';

// Read once per process when n8n-core is loaded, so this test needs its own file.
process.env['N8N_SSRF_PROTECTION_ENABLED'] = 'true';
const { engine, server } = await useEngine();

test("an address that n8n's own rules forbid is distinguished from a server that does not respond", async () => {
  const setup = { parameters: chat(), credential: { baseUrl: server.host } };
  const { status, error } = await engine.run(setup);
  expect(status).toBe('error');
  expect(error!.message).toBe('The request was blocked because it resolves to a restricted IP address');
  expect(error!.description).toMatch(/ask your n8n administrator/);
  expect(server.requests).toHaveLength(0);
  const { outputs } = await engine.run({ ...setup, onError: 'continueErrorOutput' });
  expect(outputs[1]).toMatchObject([{ json: { code: 'forbidden' } }]);
});
