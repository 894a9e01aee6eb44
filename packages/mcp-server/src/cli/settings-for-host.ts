import { type Environment, type Flags, isGiven, type Setting, settingRows } from './settings.ts';

export interface SettingsForHost {
  /** As they were written. */
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
    const written = row.flag === undefined ? [] : [flags[row.flag] ?? []].flat();
    if (written.length > 0) {
      given.flags.push(
        ...written.flatMap((value) => (row.kind === 'switch' ? [`--${row.flag}`] : [`--${row.flag}`, String(value)])),
      );
      continue;
    }
    const name = row.env.find((candidate) => isGiven(env[candidate]));
    // Hosts start the server over stdio.
    if (name === undefined || row.http) continue;
    const value = env[name] ?? '';
    if (isSecret(row, value)) given.secrets.push(name);
    else given.env[name] = value;
  }
  return given;
}

/** An address may hold a name and a password. */
const isSecret = ({ secret, env }: Setting, value: string) =>
  secret === true || (env.includes('OLLAMA_HOST') && value.includes('@'));
