import { realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, inject, test } from 'vitest';
import { connect, nowhere } from '../../fixtures/mcp/connect.ts';
import { installedN8n } from './installed-n8n.ts';

type Json = Record<string, unknown>;

/** What the MCP Client Tool node makes of a tool. */
interface McpClientTool {
  mcpToolToDynamicTool(tool: unknown, call: (args: Json) => Promise<string>): { invoke(args: Json): Promise<string> };
}

const n8n = inject('n8n');

test.skipIf('missing' in n8n)("n8n's MCP Client Tool takes every tool, and loses no argument", async () => {
  const fromN8n = createRequire(await realpath(await installedN8n()));
  const root = fromN8n.resolve('@n8n/n8n-nodes-langchain/package.json').replace(/package\.json$/, '');
  const { mcpToolToDynamicTool } = fromN8n(`${root}dist/nodes/mcp/McpClientTool/utils.js`) as McpClientTool;
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
  for (const tool of tools) {
    const dynamic = mcpToolToDynamicTool(tool, async (args) => JSON.stringify(args));
    const args = calls[tool.name];
    if (args !== undefined) expect(JSON.parse(await dynamic.invoke(args)), tool.name).toEqual(args);
  }
});
