import { delimiter, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { type Environment, type Flags, givenFor } from './read-config.ts';
import { type Setting, settingRows } from './settings.ts';

export interface SettingsForHost {
  flags: string[];
  /** Variables that are set, because some hosts start servers with an empty environment. */
  env: Record<string, string>;
  /** Variables with secrets, which do not belong in a settings file. */
  secrets: string[];
}

/**
 * The flags and variables that give the server in a host the same settings as here.
 *
 * @throws ConfigError for a flag that only has an effect over HTTP.
 */
export function settingsForHost(flags: Flags, env: Environment): SettingsForHost {
  const given: SettingsForHost = { flags: [], env: {}, secrets: [] };
  for (const row of settingRows) {
    const { from, values: written } = givenFor(row, flags, env);
    if (written.length === 0) continue;
    const isFlag = from === `--${row.flag}`;
    if (row.http && isFlag) throw new ConfigError(`Hosts start the server over stdio: leave out ${from}.`);
    if (row.http) continue;
    // Hosts start the server in a folder of their own.
    const values = row.value === 'FOLDER' ? written.map((path) => resolve(path)) : written;
    if (isFlag) given.flags.push(...asFlags(row, from, values));
    else if (isSecret(row, values.join())) given.secrets.push(from);
    else given.env[from] = values.join(row.kind === 'folders' ? delimiter : ',');
  }
  return given;
}

function asFlags({ kind }: Setting, flag: string, values: readonly string[]): string[] {
  if (kind === 'switch') return [flag];
  if (kind === 'list') return [flag, values.join(',')];
  return values.flatMap((value) => [flag, value]);
}

/** An address may contain a user name and password. */
const isSecret = ({ secret, env }: Setting, value: string) =>
  secret === true || (env.includes('OLLAMA_HOST') && value.includes('@'));
