import { parseArgs } from 'node:util';
import { OllamaError, parseHost } from '@ollama-toolbelt/core';

/** One setting: the flag, and the variables that stand in for it, the first that is set. */
interface Setting {
  flag: string;
  env: readonly string[];
  /** What the value is called in the help; a switch has none. */
  value?: string;
  help: string;
}

/** All settings, in the order of the help. */
export const settings = {
  host: {
    flag: 'host',
    env: ['OLLAMA_MCP_HOST', 'OLLAMA_HOST'],
    value: 'ADDRESS',
    help: 'Ollama server, in any form OLLAMA_HOST takes (default 127.0.0.1:11434)',
  },
  model: {
    flag: 'model',
    env: ['OLLAMA_MCP_MODEL'],
    value: 'NAME',
    help: 'Model of calls that name none; then `model` is optional',
  },
  embedModel: {
    flag: 'embed-model',
    env: ['OLLAMA_MCP_EMBED_MODEL'],
    value: 'NAME',
    help: 'The same for embeddings',
  },
  verbose: {
    flag: 'verbose',
    env: ['OLLAMA_MCP_VERBOSE'],
    help: 'Log each call to stderr, without its content',
  },
} as const satisfies Record<string, Setting>;

export interface Config {
  host: string | undefined;
  model: string | undefined;
  embedModel: string | undefined;
  verbose: boolean;
}

/** What the command line asks for. */
export type Command = { run: 'serve'; config: Config } | { run: 'help' } | { run: 'version' };

/** A mistake in flags or environment: one line for the person who made it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads flags and environment; a flag beats a variable, a variable beats the default.
 *
 * @throws ConfigError
 */
export function parseConfig(argv: readonly string[], env: Environment): Command {
  const flags = readFlags(argv);
  if (flags['help'] === true) return { run: 'help' };
  if (flags['version'] === true) return { run: 'version' };
  const text = (row: Setting): string | undefined => {
    const flag = flags[row.flag];
    const value = typeof flag === 'string' ? flag : row.env.map((name) => env[name]).find((set) => set?.trim());
    return value?.trim() || undefined;
  };
  const host = text(settings.host);
  if (host !== undefined) checkHost(host);
  return {
    run: 'serve',
    config: {
      host,
      model: text(settings.model),
      embedModel: text(settings.embedModel),
      verbose: flags[settings.verbose.flag] === true || isOn(settings.verbose.env[0], env),
    },
  };
}

function readFlags(argv: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const rows: readonly Setting[] = Object.values(settings);
  const options = Object.fromEntries(
    rows.map((row) => [row.flag, { type: row.value === undefined ? 'boolean' : 'string' } as const]),
  );
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { ...options, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    });
    return values;
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split(/\. |\n/)[0] ?? '') : String(cause);
    throw new ConfigError(`${message}. See --help.`, { cause });
  }
}

function isOn(name: string, env: Environment): boolean {
  const value = env[name]?.trim().toLowerCase() ?? '';
  if (['', '0', 'false', 'no', 'off'].includes(value)) return false;
  if (['1', 'true', 'yes', 'on'].includes(value)) return true;
  throw new ConfigError(`${name} should be 1 or 0.`);
}

function checkHost(host: string): void {
  try {
    parseHost(host);
  } catch (cause) {
    if (!(cause instanceof OllamaError)) throw cause;
    throw new ConfigError([cause.message, cause.hint].filter(Boolean).join(' '), { cause });
  }
}
