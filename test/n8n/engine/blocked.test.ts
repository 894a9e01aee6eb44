import { startScripted } from '@ollama-toolbelt/ollama-server';
import { expect, test } from 'vitest';
import { Engine } from './engine.ts';
import { chat } from './parameters.ts';

test("an address that n8n's own rules forbid is told from a server that does not answer", {
  timeout: 60_000,
}, async () => {
  // Read when n8n-core is loaded, and for all of the process: that is why this test has a file of its own.
  process.env['N8N_SSRF_PROTECTION_ENABLED'] = 'true';
  await using engine = await Engine.start();
  await using server = await startScripted();
  const { status, error } = await engine.run({ parameters: chat(), credential: { baseUrl: server.host } });
  expect(status).toBe('error');
  expect(error!.message).toBe('The request was blocked because it resolves to a restricted IP address');
  expect(error!.description).toMatch(/ask your n8n administrator/);
  expect(server.requests).toHaveLength(0);
});
