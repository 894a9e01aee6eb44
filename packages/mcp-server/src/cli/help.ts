import { actions } from './command-line.ts';
import { settingRows } from './settings.ts';

type Row = readonly [left: string, right: string];

/** The output of `--help`. */
export function helpText(): string {
  const flags = settingRows.flatMap(({ flag, value, env, help, default: standard }): Row[] =>
    flag === undefined
      ? []
      : [
          [
            withValue(`--${flag}`, value),
            `${help}${standard === undefined ? '' : ` (default ${standard})`} [${env.join(', ')}]`,
          ],
        ],
  );
  const doing = Object.entries(actions).map(([name, { short, value, help }]): Row => {
    return [withValue(short === undefined ? `--${name}` : `-${short}, --${name}`, value), help];
  });
  const variables = settingRows.flatMap(({ flag, env, help }): Row[] =>
    flag === undefined ? [[env.join(', '), help]] : [],
  );
  return [
    'An MCP server that gives agents the models of an Ollama server.',
    '',
    'Usage: ollama-toolbelt-mcp [options] [-- FOLDER...]          serve a host; FOLDER is as with --allow-dir',
    '       ollama-toolbelt-mcp setup [HOST...] [options]         put this server, with these settings, into the agent hosts',
    '                                                             on this machine: show what would change, and ask',
    '       ollama-toolbelt-mcp call [TOOL [JSON|-]] [options]    run one tool and print its text',
    '',
    'Settings, each with its environment variables:',
    ...table(flags),
    '',
    'Only from the environment:',
    ...table(variables),
    '',
    'Instead of serving:',
    ...table(doing),
    '',
    'call takes the arguments as a JSON object, or from stdin with -. Without TOOL it lists the tools. It has every toolset',
    'unless --read-only is set. The exit code is 0, 1 if the tool failed, or 2 for wrong usage.',
    '',
  ].join('\n');
}

const withValue = (flag: string, value: string | undefined) => (value === undefined ? flag : `${flag} ${value}`);

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
