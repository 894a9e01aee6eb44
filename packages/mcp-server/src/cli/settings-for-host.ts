import { type Environment, type Flags, givenFor } from './read-config.ts';
import { type Setting, settingRows } from './settings.ts';

export interface SettingsForHost {
  flags: string[];
  /** Variables that are set: some hosts start a server with none of their own. */
  env: Record<string, string>;
  /** Variables that hold a secret, which has no place in a file of settings. */
  secrets: string[];
}

/** What a host has to give the server so that it gets the settings made here. */
export function settingsForHost(flags: Flags, env: Environment): SettingsForHost {
  const given: SettingsForHost = { flags: [], env: {}, secrets: [] };
  for (const row of settingRows) {
    const { from, values } = givenFor(row, flags, env);
    if (values.length === 0) continue;
    if (from === `--${row.flag}`) given.flags.push(...asFlags(row, from, values));
    // Hosts start the server over stdio.
    else if (row.http) continue;
    else if (isSecret(row, values.join())) given.secrets.push(from);
    else given.env[from] = values.length > 1 ? (env[from] ?? '') : (values[0] ?? '');
  }
  return given;
}

function asFlags({ kind }: Setting, flag: string, values: readonly string[]): string[] {
  if (kind === 'switch') return [flag];
  if (kind === 'list') return [flag, values.join(',')];
  return values.flatMap((value) => [flag, value]);
}

/** An address may hold a name and a password. */
const isSecret = ({ secret, env }: Setting, value: string) =>
  secret === true || (env.includes('OLLAMA_HOST') && value.includes('@'));
