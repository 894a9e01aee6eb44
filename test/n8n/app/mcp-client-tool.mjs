/**
 * What n8n's MCP Client Tool passes on, in its own process: the import conditions of the tests would affect n8n's
 * modules too. Takes the entry of n8n as an argument, and tools and calls as JSON on stdin.
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { json } from 'node:stream/consumers';

const fromN8n = createRequire(realpathSync(process.argv[2]));
const root = fromN8n.resolve('@n8n/n8n-nodes-langchain/package.json').replace(/package\.json$/, '');
const { mcpToolToDynamicTool } = fromN8n(`${root}dist/nodes/mcp/McpClientTool/utils.js`);
const { tools, calls } = await json(process.stdin);
const passed = {};
for (const tool of tools) {
  const dynamic = mcpToolToDynamicTool(tool, async (args) => JSON.stringify(args));
  if (calls[tool.name]) passed[tool.name] = JSON.parse(await dynamic.invoke(calls[tool.name]));
}
process.stdout.write(JSON.stringify(passed));
