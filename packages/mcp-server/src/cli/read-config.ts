import { delimiter } from 'node:path';
import { ConfigError } from './config-error.ts';
import { filledIn } from './filled-in.ts';
import { type Setting, type SettingKind, settings } from './settings.ts';

interface Values {
  text: string | undefined;
  list: readonly string[];
  folders: readonly string[];
  number: number;
  switch: boolean;
}

/** The value of each setting. */
export type Config = { readonly [Name in keyof typeof settings]: Values[(typeof settings)[Name]['kind']] };

export type Environment = Readonly<Record<string, string | undefined>>;

/** The values on the command line, by flag. A flag may be repeated. */
export type Flags = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** The result of reading the settings. */
export interface ReadConfig {
  config: Config;
  /** Flags and variables that only contain a placeholder, so they count as not set. */
  unfilled: readonly string[];
  /** The flag or variable with the address of Ollama; `undefined` if there is none. */
  hostFrom: string | undefined;
}

/**
 * Reads every setting. A flag overrides its variables, which override the default.
 *
 * @throws ConfigError
 */
export function readConfig(flags: Flags, env: Environment): ReadConfig {
  const read = Object.entries<Setting>(settings).map(([name, row]) => {
    const given = givenFor(row, flags, env);
    return { name, value: settingValue(row, given), given };
  });
  return {
    config: Object.fromEntries(read.map(({ name, value }) => [name, value])) as unknown as Config,
    unfilled: read.flatMap(({ given }) => given.unfilled),
    hostFrom: read.find(({ name, given }) => name === 'host' && given.values.length > 0)?.given.from,
  };
}

function settingValue({ kind, check, default: standard }: Setting, { from, values }: Given): Values[SettingKind] {
  for (const value of values) {
    const problem = check?.(value, from);
    if (problem !== undefined) throw new ConfigError(problem);
  }
  const [value = standard] = values;
  switch (kind) {
    case 'switch':
      return isOn(from, value);
    case 'number':
      return wholeNumber(from, value);
    case 'text':
      return value;
    case 'list':
    case 'folders':
      return values;
    default:
      return kind satisfies never;
  }
}

/** The values given for a setting. */
export interface Given {
  /** The flag or variable with the value, for error messages. */
  from: string;
  values: readonly string[];
  /** Skipped flags and variables. */
  unfilled: readonly string[];
}

/** The value of the flag, else of the first variable that has one. */
export function givenFor(row: Setting, flags: Flags, env: Environment): Given {
  const unfilled: string[] = [];
  for (const { from, texts } of sources(row, flags, env)) {
    const parts = texts.flatMap((text) => split(row.kind, text, from));
    const values = parts.map((part) => filledIn(part, row)).filter((value) => value !== undefined);
    if (values.length < parts.length || parts.length === 0) unfilled.push(from);
    if (values.length > 0) return { from, values, unfilled };
  }
  return { from: `--${row.flag}`, values: [], unfilled };
}

function sources({ flag, kind, env: names, joins }: Setting, flags: Flags, env: Environment) {
  const written = flag === undefined ? [] : [flags[flag] ?? []].flat().map(String);
  const single = joins && written.length > 1 && written.every(joins) ? [written.join()] : written.slice(-1);
  // If a flag for a single value is repeated, the last one counts.
  const texts = kind === 'list' || kind === 'folders' ? written : single;
  return [
    ...(texts.length > 0 ? [{ from: `--${flag}`, texts }] : []),
    ...names.flatMap((name) => (env[name] === undefined ? [] : [{ from: name, texts: [env[name]] }])),
  ];
}

function split(kind: SettingKind, text: string, from: string): string[] {
  if (kind === 'list') return text.split(',').filter((part) => part.trim() !== '');
  // `${input:folder}` contains the path delimiter of some systems.
  if (kind !== 'folders' || from.startsWith('--') || filledIn(text) === undefined) return [text];
  return text.split(delimiter).filter((part) => part.trim() !== '');
}

function isOn(from: string, text = ''): boolean {
  const value = text.toLowerCase();
  if (['', '0', 'false', 'no', 'off'].includes(value)) return false;
  if (['1', 'true', 'yes', 'on'].includes(value)) return true;
  throw new ConfigError(`${from} should be 1 or 0.`);
}

function wholeNumber(from: string, text = ''): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new ConfigError(`${from} should be a whole number, 0 or more.`);
}
