import { parseArgs } from 'node:util';
import { closestNames } from '@ollama-toolbelt/core/neutral';
import { type AgentHost, hosts } from './agent-hosts.ts';
import { ConfigError } from './config-error.ts';
import { filledIn } from './filled-in.ts';
import { type Environment, type Flags, type ReadConfig, readConfig } from './read-config.ts';
import { settingRows } from './settings.ts';
import { type SettingsForHost, settingsForHost } from './settings-for-host.ts';

/** The requested command. */
export type Command =
  | ({ run: 'serve' } & ReadConfig)
  | { run: 'help' }
  | { run: 'version' }
  | ({ run: 'check' } & ReadConfig)
  | ({ run: 'print-config'; host: AgentHost; settings: SettingsForHost } & Pick<ReadConfig, 'unfilled'>)
  | SetupCommand
  | CallCommand;

export interface SetupCommand extends Pick<ReadConfig, 'unfilled'> {
  run: 'setup';
  /** `undefined` for all hosts that are found. */
  hosts: readonly AgentHost[] | undefined;
  remove: boolean;
  dryRun: boolean;
  /** Whether to skip the question. */
  yes: boolean;
  settings: SettingsForHost;
  /** All variables that are copied from the environment: those without secrets. */
  ownVariables: readonly string[];
}

export interface CallCommand extends ReadConfig {
  run: 'call';
  /** If missing, the tools are listed. */
  tool: string | undefined;
  /** JSON, or `-` to read it from stdin. */
  input: string | undefined;
  json: boolean;
}

interface Action {
  type: 'boolean' | 'string';
  short?: string;
  value?: string;
  help: string;
  /** The command that it belongs to. */
  with?: string;
}

/** Flags that run something instead of setting something, so they have no variable. */
export const actions: Readonly<Record<string, Action>> = {
  check: { type: 'boolean', help: 'Test the settings: say what is wrong and what to do; exit code 0 or 1' },
  'print-config': {
    type: 'string',
    value: 'HOST',
    help: `Print what to add to a host's settings to start the server with these settings: ${hosts.join(', ')}`,
  },
  json: { type: 'boolean', help: 'With call: print the structured result', with: 'call' },
  remove: { type: 'boolean', help: 'With setup: remove the server from the hosts', with: 'setup' },
  'dry-run': { type: 'boolean', help: 'With setup: show what would change, and write nothing', with: 'setup' },
  yes: { type: 'boolean', short: 'y', help: 'With setup: write without asking', with: 'setup' },
  help: { type: 'boolean', short: 'h', help: 'Print this' },
  version: { type: 'boolean', short: 'v', help: 'Print the version' },
};

const options = {
  ...Object.fromEntries(
    settingRows.flatMap(({ flag, kind }) =>
      flag === undefined ? [] : [[flag, { type: kind === 'switch' ? 'boolean' : 'string', multiple: true } as const]],
    ),
  ),
  ...Object.fromEntries(
    Object.entries(actions).map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
  ),
};

/**
 * Reads flags and environment.
 *
 * @throws ConfigError
 */
export function parseCommandLine(argv: readonly string[], env: Environment): Command {
  // An MCPB bundle can only put its list of folders at the end.
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const folders = argv.slice(end + 1);
  const { flags, words } = readFlags([...argv.slice(0, end), ...folders.flatMap((folder) => ['--allow-dir', folder])]);
  if (flags['help'] === true) return { run: 'help' };
  if (flags['version'] === true) return { run: 'version' };
  const json = flags['json'] === true;
  const [stray, action] =
    Object.entries(actions).find(([name, row]) => flags[name] && row.with && row.with !== words[0]) ?? [];
  if (action) throw new ConfigError(`--${stray} goes with ${action.with}. See --help.`);
  const [command = ''] = words;
  const instead = Object.keys(actions).find((name) => flags[name] && actions[name]?.with === undefined);
  if (instead !== undefined && ['call', 'setup'].includes(command))
    throw new ConfigError(`--${instead} goes without ${command}. See --help.`);
  if (command === 'call') {
    const [, tool, input, tooMany] = words;
    if (tooMany !== undefined) throw new ConfigError('call takes a tool and its arguments as one quoted JSON object.');
    return { run: 'call', ...readConfig(flags, env), tool, input, json };
  }
  if (command === 'setup') {
    const { unfilled } = readConfig(flags, env);
    const named = [...new Set(words.slice(1).map(agentHost))];
    return {
      run: 'setup',
      hosts: named.length > 0 ? named : undefined,
      remove: flags['remove'] === true,
      dryRun: flags['dry-run'] === true,
      yes: flags['yes'] === true,
      settings: settingsForHost(flags, env),
      unfilled,
      ownVariables: settingRows.flatMap(({ env, secret }) => (secret ? [] : env)),
    };
  }
  if (command !== '') throw new ConfigError(`Unexpected argument '${command}'. See --help.`);
  const host = flags['print-config'];
  const read = readConfig(flags, env);
  if (typeof host === 'string') {
    const { unfilled } = read;
    return { run: 'print-config', host: agentHost(host), settings: settingsForHost(flags, env), unfilled };
  }
  return { run: flags['check'] === true ? 'check' : 'serve', ...read };
}

function readFlags(argv: readonly string[]): { flags: Flags; words: readonly string[] } {
  const { plain, switches } = unfilledSwitches(argv);
  const args = plain.map((word, index) => withBareValue(word, plain[index + 1]));
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!(token.name in options)) throw unknownFlag(token.rawName);
    if (token.name === 'print-config' && token.value === undefined) {
      throw new ConfigError(`--print-config takes the name of a host: ${hosts.join(', ')}.`);
    }
  }
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { flags: { ...values, ...switches }, words: positionals };
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split(/\.\s|\n/)[0] ?? '') : String(cause);
    throw new ConfigError(`${message}. See --help.`, { cause });
  }
}

/** Switches whose value is an unfilled placeholder, as in `--read-only=${user_config.read_only}`. */
function unfilledSwitches(argv: readonly string[]): { plain: readonly string[]; switches: Flags } {
  const switches: Record<string, string> = {};
  const plain = argv.filter((word) => {
    const [, name, value] = /^--([\w-]+)=(.*)$/s.exec(word) ?? [];
    const isSwitch = settingRows.some(({ flag, kind }) => flag === name && kind === 'switch');
    if (!isSwitch || name === undefined || value === undefined || filledIn(value) !== undefined) return true;
    switches[name] = value;
    return false;
  });
  return { plain, switches };
}

/** Adds the implied value to a flag that may be used without one. */
function withBareValue(word: string, next: string | undefined): string {
  const bare = settingRows.find(({ flag }) => word === `--${flag}`)?.bare;
  return bare !== undefined && (next === undefined || next.startsWith('-')) ? `${word}=${bare}` : word;
}

function unknownFlag(written: string): ConfigError {
  const [near] = closestNames(written.replace(/^-+/, ''), Object.keys(options), 1);
  return new ConfigError(
    near === undefined ? `Unknown flag ${written}. See --help.` : `Unknown flag ${written}. Did you mean --${near}?`,
  );
}

function agentHost(written: string): AgentHost {
  const known = hosts.find((name) => name === written);
  if (known === undefined) throw new ConfigError(`Unknown host ${written}. There are: ${hosts.join(', ')}.`);
  return known;
}
