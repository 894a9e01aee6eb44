import { opendir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { isInside } from '@ollama-toolbelt/core/node';
import { Refusal } from '../tools/refusal.ts';
import type { FoundFile, Search } from '../tools/tool-context.ts';
import { Exclusion, FilePattern, isExclusion, isPattern } from './file-pattern.ts';
import { noSuchFile } from './no-such-file.ts';
import { openFolder } from './open-folder.ts';

/** Maximum number of files and folders in one search. */
const MAX_ENTRIES = 200_000;
/** Maximum number of patterns in one search: each takes time to parse, and a separate walk. */
const MAX_PATTERNS = 100;

/**
 * The files for paths and patterns, in the order of the list. Patterns search the allowed folders and follow no links.
 * Paths are not changed, even if the file does not exist. Neither are names of existing files that look like patterns.
 *
 * @throws Refusal for a pattern without a match, and if there are too many entries.
 */
export async function findFiles(
  wanted: readonly string[],
  folders: readonly string[],
  search: Search,
  maxEntries = MAX_ENTRIES,
): Promise<FoundFile[]> {
  const { most, hint } = search;
  if (wanted.length > most) throw new Refusal(`files: ${wanted.length} are too many; ${most} is the most.`, hint);
  const exclusions: Exclusion[] = [];
  const entries: (string | FilePattern)[] = [];
  let patterns = 0;
  for (const text of wanted) {
    if (!isPattern(text) || (await isFile(text, folders))) {
      entries.push(text);
      continue;
    }
    patterns += 1;
    if (patterns > MAX_PATTERNS) throw new Refusal(`files: more than ${MAX_PATTERNS} patterns, which is the most.`);
    if (isExclusion(text)) exclusions.push(new Exclusion(text));
    else entries.push(new FilePattern(text));
  }
  if (entries.length === 0 && wanted.length > 0) {
    throw new Refusal('files lists only exclusions.', 'Add what to include, such as "**/*.md".');
  }
  const walk = new Walk(folders, exclusions, { ...search, maxEntries });
  const found: FoundFile[] = [];
  const names = new Set<string>();
  for (const entry of entries) {
    const isPath = typeof entry === 'string';
    for (const name of isPath ? [entry] : await walk.find(entry)) {
      if (names.has(name) && !isPath) continue;
      names.add(name);
      found.push({ name, byPattern: !isPath });
      if (found.length > most) throw new Refusal(`files: more than ${most} match, which is the most.`, hint);
    }
  }
  if (found.length === 0 && wanted.length > 0) {
    throw new Refusal('files: the exclusions leave none of the files that the patterns match.');
  }
  return found;
}

interface Entry {
  name: string;
  isFolder: boolean;
}

interface Match {
  name: string;
  path: string;
}

const byName = (one: Match, other: Match) => (one.name < other.name ? -1 : 1);

interface WalkOptions extends Search {
  maxEntries: number;
}

/** Walks the folders for one search. */
class Walk {
  readonly #folders: readonly string[];
  readonly #exclusions: readonly Exclusion[];
  readonly #signal: AbortSignal;
  readonly #maxEntries: number;
  #count = 0;
  /** By path, because several patterns often read the same folders. */
  readonly #entries = new Map<string, readonly Entry[]>();

  constructor(folders: readonly string[], exclusions: readonly Exclusion[], search: WalkOptions) {
    this.#folders = folders;
    this.#exclusions = exclusions;
    this.#signal = search.signal;
    this.#maxEntries = search.maxEntries;
  }

  /** Names for reading the files. */
  async find(pattern: FilePattern): Promise<string[]> {
    const { base, leadsOut } = pattern;
    const starts = isAbsolute(base) ? [{ from: base, before: [] }] : this.#relativeTo(base);
    const names: string[] = [];
    let isThere = false;
    for (const { from, before, folder } of leadsOut ? [] : starts) {
      const real = await realpath(from).catch(() => undefined);
      if (real === undefined || !this.#folders.some((one) => isInside(one, real))) continue;
      const matching = await this.#matchesBelow(real, pattern);
      isThere ||= matching.length > 0;
      for (const { name, path } of matching.sort(byName)) {
        if (this.#isExcluded(name, path)) continue;
        // A relative name means the file in the first folder that has one.
        const isTaken = folder !== undefined && (await isFile(name, before));
        names.push(isTaken ? join(folder, name) : name);
      }
    }
    if (!isThere) throw noSuchFile(pattern.text, this.#folders);
    return names;
  }

  #relativeTo(base: string): { from: string; folder?: string; before: readonly string[] }[] {
    return this.#folders.map((folder, index) => ({
      from: join(folder, base),
      folder,
      before: this.#folders.slice(0, index),
    }));
  }

  /** An exclusion may be relative to an allowed folder while the pattern is absolute, and the reverse. */
  #isExcluded(name: string, path: string): boolean {
    const forms = [name, path, ...this.#folders.filter((one) => isInside(one, path)).map((one) => relative(one, path))];
    return this.#exclusions.some((one) => forms.some((form) => one.matches(form)));
  }

  /** Matches below a real folder: their names in the form of the pattern, and their paths. */
  async #matchesBelow(real: string, pattern: FilePattern): Promise<Match[]> {
    const found: Match[] = [];
    const open: [path: string, name: string][] = [[real, pattern.base]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [path, name] = next;
      for (const { name: last, isFolder } of await this.#entriesOf(path)) {
        const below = name === '' || name.endsWith('/') ? `${name}${last}` : `${name}/${last}`;
        if (!isFolder && pattern.matches(below)) found.push({ name: below, path: join(path, last) });
        if (isFolder && pattern.mayBeIn(below, last)) open.push([join(path, last), below]);
      }
    }
    return found;
  }

  async #entriesOf(path: string): Promise<readonly Entry[]> {
    const entries = this.#entries.get(path) ?? (await this.#read(path));
    this.#entries.set(path, entries);
    return entries;
  }

  /** Files and folders, without links. An unreadable folder counts as empty. */
  async #read(path: string): Promise<Entry[]> {
    this.#signal.throwIfAborted();
    const folder = await openFolder(path, this.#folders);
    if (folder === undefined) return [];
    try {
      const entries: Entry[] = [];
      for await (const entry of await opendir(folder.at)) {
        this.#count += 1;
        if (this.#count > this.#maxEntries) throw tooMuch(this.#maxEntries);
        if (entry.isFile() || entry.isDirectory()) entries.push({ name: entry.name, isFolder: entry.isDirectory() });
      }
      return (await folder.isSame()) ? entries : [];
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return [];
      throw error;
    } finally {
      await folder.close();
    }
  }
}

/** Whether a path is literally a file in one of the folders. */
async function isFile(path: string, folders: readonly string[]): Promise<boolean> {
  for (const candidate of isAbsolute(path) ? [path] : folders.map((folder) => resolve(folder, path))) {
    const real = await realpath(candidate).catch(() => undefined);
    const isOurs = real !== undefined && folders.some((folder) => isInside(folder, real));
    if (isOurs && (await stat(real).catch(() => undefined))?.isFile()) return true;
  }
  return false;
}

const tooMuch = (most: number) =>
  new Refusal(
    `The patterns in files look at more than ${most} files and folders.`,
    'Start them with a folder, such as "src/**/*.md".',
  );
