import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { connect, nowhere } from '../../fixtures/mcp/connect.ts';
import { installedN8n } from './installed-n8n.ts';

type Json = Record<string, unknown>;

const n8n = inject('n8n');

test.skipIf('missing' in n8n)("n8n's MCP Client Tool accepts every tool, and loses no argument", async () => {
  await using connection = await connect({ host: nowhere, args: ['--toolsets', 'inference,models,manage,web'] });
  const { tools } = await connection.client.listTools();
  const calls: Record<string, Json> = {
    ollama_chat: {
      model: 'm',
      messages: [{ role: 'user', content: 'x', thinking: 'own key' }],
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { a: {} } } } }],
      format: { type: 'object', properties: { a: { type: 'string' } } },
      options: { top_k: 1 },
      think: 'true',
    },
    ollama_embed: { model: 'm', input: ['a'], options: { num_ctx: 1 } },
    ollama_create_model: { model: 'm', from: 'b', parameters: { top_k: 1 } },
    ollama_status: {},
  };
  const script = join(import.meta.dirname, 'mcp-client-tool.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, await installedN8n()], {
    input: JSON.stringify({ tools, calls }),
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(status, stderr.slice(-2000)).toBe(0);
  expect(JSON.parse(stdout)).toEqual(calls);
});
