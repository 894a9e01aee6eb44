import { settingRows } from './config.ts';

/** What `--help` prints. */
export function helpText(): string {
  const rows = settingRows.flatMap(({ flag, value, env, help, default: standard }) =>
    flag === undefined
      ? []
      : [
          [
            `--${flag}${value === undefined ? '' : ` ${value}`}`,
            `${help}${standard === undefined ? '' : ` (default ${standard})`} [${env.join(', ')}]`,
          ],
        ],
  );
  const all = [...rows, ['-h, --help', 'Print this'], ['-v, --version', 'Print the version']];
  const width = Math.max(...all.map(([flag = '']) => flag.length));
  const variables = settingRows.filter(({ flag }) => flag === undefined);
  return [
    'MCP server over stdio for the models of an Ollama server.',
    '',
    'Usage: ollama-toolbelt-mcp [options]',
    '',
    ...all.map(([flag = '', help = '']) => `  ${flag.padEnd(width)}  ${help}`),
    '',
    'From the environment alone:',
    ...variables.map(({ env, help }) => `  ${env.join(', ')}  ${help}`),
    '',
  ].join('\n');
}
