import { parseArgs } from 'node:util';
import { closest } from './closest.ts';
import { type Config, type Environment, type Flags, readConfig, settingRows } from './config.ts';
import { ConfigError } from './config-error.ts';

/** What the command line asks for. */
export type Command = { run: 'serve'; config: Config } | { run: 'help' } | { run: 'version' };

/** What is no setting but a thing to do, so that it has no variable. */
const actions = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const options = {
  ...Object.fromEntries(
    settingRows.flatMap(({ flag, kind }) =>
      flag === undefined ? [] : [[flag, { type: kind === 'switch' ? 'boolean' : 'string', multiple: true } as const]],
    ),
  ),
  ...actions,
};

/**
 * Reads flags and environment.
 *
 * @throws ConfigError
 */
export function parseCommandLine(argv: readonly string[], env: Environment): Command {
  const { flags, words } = readFlags(argv);
  if (flags['help'] === true) return { run: 'help' };
  if (flags['version'] === true) return { run: 'version' };
  if (words[0] !== undefined) throw new ConfigError(`Unexpected argument '${words[0]}'. See --help.`);
  return { run: 'serve', config: readConfig(flags, env) };
}

function readFlags(argv: readonly string[]): { flags: Flags; words: readonly string[] } {
  const args = [...argv];
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option' && !(token.name in options)) throw unknownFlag(token.rawName);
  }
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { flags: values, words: positionals };
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split(/\. |\n/)[0] ?? '') : String(cause);
    throw new ConfigError(`${message}. See --help.`, { cause });
  }
}

function unknownFlag(written: string): ConfigError {
  const [near] = closest(written.replace(/^-+/, ''), Object.keys(options), 1);
  return new ConfigError(
    near === undefined ? `Unknown flag ${written}. See --help.` : `Unknown flag ${written}. Did you mean --${near}?`,
  );
}
