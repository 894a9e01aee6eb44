import { type Environment, type Flags, givenFor } from './read-config.ts';
import { type Setting, settingRows } from './settings.ts';

export interface SettingsForHost {
  flags: string[];
  /** Variables that are set, because some hosts start servers with an empty environment. */
  env: Record<string, string>;
  /** Variables with secrets, which do not belong in a settings file. */
  secrets: string[];
}

/** The flags and variables that give the server in a host the same settings as here. */
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

/** An address may contain a user name and password. */
const isSecret = ({ secret, env }: Setting, value: string) =>
  secret === true || (env.includes('OLLAMA_HOST') && value.includes('@'));
