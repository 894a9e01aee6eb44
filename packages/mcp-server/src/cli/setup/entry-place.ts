/** Finds the entry of our server in the parsed settings of a host. */
import { isDeepStrictEqual } from 'node:util';
import { type HostRow, SERVER } from '../agent-hosts.ts';

/** Keys, and indexes in lists. */
export type Path = readonly (string | number)[];

type Values = Record<string | number, unknown>;

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

/** Whether an item of a list is our entry. */
const isNamed = (item: unknown): boolean => isValues(item) && item['name'] === SERVER;

/** The location of the entry, which may not exist yet. */
export interface EntryPlace {
  path: Path;
  entry: Entry | undefined;
  /** The entries of other servers, by name. */
  others: readonly (readonly [name: string, entry: Entry])[];
}

type Entry = Readonly<Record<string, unknown>>;

/** @throws Error if a parent of the entry has the wrong type. */
export function entryPlace(settings: unknown, { at, isList }: Pick<HostRow, 'at' | 'isList'>): EntryPlace {
  let value = settings;
  for (const [depth, key] of at.entries()) {
    if (value !== undefined && value !== null && (!isValues(value) || Array.isArray(value)))
      throw new Error(`${at.slice(0, depth).join('.') || 'its content'} is not an object`);
    value = isValues(value) ? value[key] : undefined;
  }
  const name = at.join('.');
  if (isList) {
    if (value !== undefined && value !== null && !Array.isArray(value)) throw new Error(`${name} is not a list`);
    const items: unknown[] = value ?? [];
    const index = items.findIndex(isNamed);
    const others = items.filter((item) => isValues(item) && !isNamed(item)) as Entry[];
    return {
      path: [...at, index < 0 ? items.length : index],
      entry: items[index] as EntryPlace['entry'],
      others: others.map((other) => [String(other['name']), other]),
    };
  }
  if (value !== undefined && value !== null && (!isValues(value) || Array.isArray(value)))
    throw new Error(`${name} is not an object`);
  const entry = isValues(value) ? value[SERVER] : undefined;
  if (entry !== undefined && (!isValues(entry) || Array.isArray(entry)))
    throw new Error(`${name}.${SERVER} is not an object`);
  const others = Object.entries(value ?? {}).filter(([key, other]) => key !== SERVER && isValues(other));
  return { path: [...at, SERVER], entry, others: others as [string, Entry][] };
}

/** The path to remove: the entry, or the parent that would be empty without it. */
export function pathToRemove(settings: unknown, path: Path): Path {
  const above = path.slice(0, -1);
  const holder = above.reduce<unknown>((value, key) => (isValues(value) ? value[key] : undefined), settings);
  const isAlone = isValues(holder) && Object.keys(holder).length === 1;
  return isAlone && above.length > 0 ? pathToRemove(settings, above) : path;
}

/** Whether two settings only differ in the entry, and in parents that are empty without it. */
export function sameBesides(one: unknown, other: unknown, path: Path): boolean {
  return isDeepStrictEqual(without(one, path), without(other, path));
}

function without(settings: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (!isValues(settings) || key === undefined) return settings ?? {};
  // By its name: without it, the items after it have other indexes.
  if (Array.isArray(settings)) return settings.filter((item) => !isNamed(item));
  const { [key]: inner, ...others } = settings;
  const kept = rest.length === 0 ? undefined : without(inner, rest);
  const isEmpty = kept === undefined || (isValues(kept) && Object.keys(kept).length === 0);
  return isEmpty ? others : { ...others, [key]: kept };
}
