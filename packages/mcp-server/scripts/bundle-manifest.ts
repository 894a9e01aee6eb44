/** Creates the manifest of the MCPB bundle from the settings. */
import { type Setting, settings } from '../src/cli/settings.ts';
import { selectTools } from '../src/server/tool-selection.ts';
import { tools } from '../src/tools/catalog/index.ts';
import type { PackageFacts } from './package-facts.ts';

/** Path of the program in the bundle. */
export const entryPoint = 'server/cli.js';

interface Field {
  type: 'string' | 'number' | 'boolean' | 'directory';
  title: string;
  description: string;
  required: false;
  sensitive?: true;
  multiple?: true;
  default?: string | number | boolean | string[];
}

/** Manifest 0.3: the newest that is not experimental. */
export function bundleManifest({ version, description, license, author, homepage, repository }: PackageFacts): object {
  const asked = Object.entries<Setting>(settings).filter(([, { title }]) => title !== undefined);
  const single = asked.filter(([, { kind }]) => kind !== 'folders');
  const folders = asked.filter(([, { kind }]) => kind === 'folders');
  return {
    manifest_version: '0.3',
    name: 'ollama-toolbelt',
    display_name: 'Ollama Toolbelt',
    version,
    description,
    author,
    homepage,
    repository: { type: 'git', url: repository },
    license,
    server: {
      type: 'node',
      entry_point: entryPoint,
      mcp_config: {
        command: 'node',
        // A list can only be passed as arguments, one for each folder.
        args: [`\${__dirname}/${entryPoint}`, '--', ...folders.map(([name]) => placeholder(name))],
        env: Object.fromEntries(single.map(([name, { env }]) => [env[0] ?? '', placeholder(name)])),
      },
    },
    tools: selectTools(tools, {}).map(({ name, description: what }) => ({ name, description: what })),
    // The tools depend on the settings.
    tools_generated: true,
    prompts_generated: true,
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20.18.1' } },
    user_config: Object.fromEntries(asked.map(([name, setting]) => [name, field(setting)])),
  };
}

const placeholder = (name: string) => `\${user_config.${name}}`;

function field({ kind, title = '', help, default: standard, secret }: Setting): Field {
  const about = { title, description: help, required: false } as const;
  switch (kind) {
    case 'switch':
      return { type: 'boolean', ...about, default: false };
    case 'number':
      return { type: 'number', ...about, default: Number(standard) };
    case 'folders':
      return { type: 'directory', ...about, multiple: true, default: [] };
    case 'list':
    case 'text':
      return { type: 'string', ...about, ...(secret && { sensitive: true }), default: standard ?? '' };
    default:
      return kind satisfies never;
  }
}
