import { settings } from './config.ts';

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.values(settings).map((row) => [
    `--${row.flag}${'value' in row ? ` ${row.value}` : ''}`,
    `${row.help} [${row.env.join(', ')}]`,
  ]);
  const all = [...rows, ['-h, --help', 'Print this'], ['-v, --version', 'Print the version']];
  const width = Math.max(...all.map(([flag = '']) => flag.length));
  return [
    'MCP server over stdio for the models of an Ollama server.',
    '',
    'Usage: ollama-toolbelt-mcp [options]',
    '',
    ...all.map(([flag = '', help = '']) => `  ${flag.padEnd(width)}  ${help}`),
    '',
    'OLLAMA_API_KEY is sent to the Ollama server as a bearer token.',
    '',
  ].join('\n');
}
