/** Creates `server.json`, the entry for the MCP registry, from the settings. */
import { settingRows } from '../src/cli/settings.ts';
import type { PackageFacts } from './package-facts.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';
const formats = { number: 'number', switch: 'boolean', text: 'string', list: 'string', folders: 'string' } as const;

export function serverJson({ mcpName, name, version, repository, directory, homepage }: PackageFacts): object {
  return {
    $schema: SCHEMA,
    name: mcpName,
    title: 'Ollama Toolbelt',
    // The registry allows a hundred characters.
    description: 'Gives an agent the models of an Ollama server: chat, files, JSON, embeddings, ranking, management',
    version,
    websiteUrl: homepage,
    repository: { url: repository, source: 'github', subfolder: directory },
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: settingRows
          .filter(({ http }) => !http)
          .map(({ env, help, kind, secret, default: standard }) => ({
            name: env[0],
            description: help,
            format: formats[kind],
            isRequired: false,
            isSecret: secret === true,
            ...(standard !== undefined && { default: standard }),
          })),
      },
    ],
  };
}
