import * as z from 'zod';
import { settingRows } from '../../packages/mcp-server/src/cli/settings.ts';
import { tools } from '../../packages/mcp-server/src/tools/catalog/index.ts';
import { toolsets } from '../../packages/mcp-server/src/tools/tool.ts';
import { type Schema, schemaTable } from './schema-table.ts';
import { code, table } from './table.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(schema, { io }) as unknown as Schema;

/** All tools of the MCP server, with their arguments and results. */
export function mcpToolsPage(): string {
  const parts = toolsets.flatMap((toolset) => [
    `## Toolset ${code(toolset)}`,
    ...tools
      .filter((tool) => tool.toolset === toolset)
      .flatMap(({ name, title, description, input, output, annotations }) => [
        `### ${name}`,
        `**${title}.** ${description}`,
        hintsOf(annotations),
        '#### Arguments',
        schemaTable(schemaOf(input, 'input')),
        '#### Answer',
        schemaTable(schemaOf(output, 'output')),
      ]),
  ]);
  return [
    '# MCP tools',
    'Every tool of the [MCP server](/packages/mcp-server), as a host sees it. `inference` and `models` are on by default; the others are switched on with `--toolsets`. Fields for files and conversations are there only if the server has them.',
    ...parts,
  ].join('\n\n');
}

type Hints = (typeof tools)[number]['annotations'];

function hintsOf({ readOnlyHint, destructiveHint, idempotentHint, openWorldHint }: Hints): string {
  const hints = [
    readOnlyHint ? 'changes nothing on the Ollama server' : 'changes the Ollama server',
    ...(destructiveHint ? ['can remove or replace a model, so it asks for confirmation'] : []),
    ...(idempotentHint ? ['may be called again with the same arguments'] : []),
    ...(openWorldHint ? ['reaches the internet'] : []),
  ];
  return `Hints for hosts: ${hints.join('; ')}.`;
}

/** All settings of the MCP server. */
export function mcpSettingsPage(): string {
  const rows = settingRows.map(({ flag, value, env, help, default: standard }) => [
    flag === undefined ? '' : code(`--${flag}${value === undefined ? '' : ` ${value}`}`),
    env.map(code).join(', '),
    `${help}${standard === undefined ? '' : ` (default ${code(standard)})`}`,
  ]);
  return [
    '# Settings of the MCP server',
    'A flag beats its variable, and a variable beats the default. See [how to use them](/packages/mcp-server).',
    table(['Flag', 'Environment', 'What it does'], rows),
  ].join('\n\n');
}
