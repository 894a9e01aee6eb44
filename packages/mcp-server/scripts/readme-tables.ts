/** Generates the tables of the README from the code. */

import { hosts } from '../src/cli/agent-hosts.ts';
import { hostConfig } from '../src/cli/host-configs.ts';
import { launchByNpx } from '../src/cli/launch.ts';
import { settingRows } from '../src/cli/settings.ts';
import type { Tool } from '../src/tools/tool.ts';
import { cursorLink, vscodeLink } from './install-links.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
const code = (text: string) => `\`${text}\``;

export function printTools(tools: readonly Tool[]): string {
  return [
    row('Tool', 'Toolset', 'What it gives', 'Arguments', 'Hints'),
    '|---|---|---|---|---|',
    ...tools.map(({ name, toolset, description, input, annotations }) =>
      row(code(name), toolset, description, argumentNames(input) || 'none', hintText(annotations)),
    ),
  ].join('\n');
}

/** Required arguments are bold. */
function argumentNames(input: Tool['input']): string {
  return Object.entries(input.shape)
    .map(([name, field]) => (field.safeParse(undefined).success ? code(name) : `**${code(name)}**`))
    .join(', ');
}

function hintText({ readOnlyHint, destructiveHint }: Tool['annotations']): string {
  return readOnlyHint ? 'read-only' : destructiveHint ? 'destructive' : 'changes Ollama';
}

export function printSettings(): string {
  return [
    row('Flag', 'Environment', 'What it does'),
    '|---|---|---|',
    ...settingRows.map(({ flag, value, env, help, default: standard }) =>
      row(
        flag === undefined ? '' : code(`--${flag}${value === undefined ? '' : ` ${value}`}`),
        env.map(code).join(', '),
        `${help}${standard === undefined ? '' : ` (default ${code(standard)})`}`,
      ),
    ),
  ].join('\n');
}

/** How to configure each host: an install link, or lines to copy. */
export function printHosts(): string {
  const badges = [
    badge('VS Code', 'Install in VS Code', '0098FF', vscodeLink('ollama', launchByNpx())),
    badge('Cursor', 'Install in Cursor', '000000', cursorLink('ollama', launchByNpx())),
  ];
  const blocks = hosts.map((host) => {
    const { title, place, language, text, install, note } = hostConfig(host);
    return [
      `<details><summary><b>${title}</b>: ${place}</summary>`,
      ...(install === undefined
        ? []
        : [`First run \`${install}\`: this host does not wait for npx to start a server.`]),
      `\`\`\`${language}\n${text}\n\`\`\``,
      ...(note === undefined ? [] : [note]),
      '</details>',
    ].join('\n\n');
  });
  return [badges.join('\n'), ...blocks].join('\n\n');
}

function badge(label: string, alt: string, color: string, link: string): string {
  const picture = `https://img.shields.io/badge/${encodeURIComponent(label)}-install-${color}`;
  return `[![${alt}](${picture})](${link})`;
}

/** Replaces each part between `<!-- name -->` and `<!-- /name -->` with its current table. */
export function withTables(readme: string, tools: readonly Tool[]): string {
  const parts = { hosts: printHosts(), tools: printTools(tools), settings: printSettings() };
  let text = readme;
  for (const [name, part] of Object.entries(parts)) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`The README has no ${start} … ${end}.`);
    text = `${text.slice(0, from + start.length)}\n${part}\n${text.slice(to)}`;
  }
  return text;
}
