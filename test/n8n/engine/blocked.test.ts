import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { chat } from './parameters.ts';

test("an address that n8n's own rules forbid is distinguished from a server that does not respond", async () => {
  // Read once per process when n8n-core is loaded, so this test needs its own file.
  process.env['N8N_SSRF_PROTECTION_ENABLED'] = 'true';
  await using engine = await Engine.start();
  await using server = await startScripted();
  const { status, error } = await engine.run({ parameters: chat(), credential: { baseUrl: server.host } });
  expect(status).toBe('error');
  expect(error!.message).toBe('The request was blocked because it resolves to a restricted IP address');
  expect(error!.description).toMatch(/ask your n8n administrator/);
  expect(server.requests).toHaveLength(0);
});
