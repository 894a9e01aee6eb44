/** The tables of the README, printed from what the code says. */
import { settingRows } from './config.ts';
import { hostConfig, hosts } from './host-configs.ts';
import type { Tool } from './tool.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
const code = (text: string) => `\`${text}\``;

export function printTools(tools: readonly Tool[]): string {
  return [
    row('Tool', 'What it gives', 'Arguments', 'Hints'),
    '|---|---|---|---|',
    ...tools.map(({ name, description, input, annotations }) =>
      row(code(name), description, argumentNames(input) || 'none', hintText(annotations)),
    ),
  ].join('\n');
}

/** Required ones in bold. */
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

/** How each host is told to start the published package. */
export function printHosts(): string {
  return hosts
    .map((host) => {
      const { title, place, language, text } = hostConfig(host, {
        command: 'npx',
        args: ['-y', '@ollama-toolbelt/mcp-server'],
      });
      return `**${title}** – ${place}:\n\n\`\`\`${language}\n${text}\n\`\`\``;
    })
    .join('\n\n');
}

/** The text with each part between `<!-- name -->` and `<!-- /name -->` printed anew. */
export function withReference(readme: string, tools: readonly Tool[]): string {
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
