import { readFile, stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { type AgentHost, agentHosts, SERVER } from '../agent-hosts.ts';
import { changedEntry, type EntryRequest, isOurs, startsPackage } from './changed-entry.ts';
import { type EntryPlace, entryPlace } from './entry-place.ts';
import type { FoundFile } from './find-files.ts';
import { parsed, put, taken } from './whole-text.ts';

/** The planned change to the settings of a host. */
export interface Plan {
  host: AgentHost;
  path: string;
  /** `undefined` if there is no file. */
  before: string | undefined;
  /** The same text if nothing changes; `undefined` to delete the file. */
  after: string | undefined;
  /** Path of a backup of `before`, if one is needed. */
  backup?: string;
  /** A backup that is no longer needed. */
  spent?: string | undefined;
  /** Whether the command must be installed first. */
  needsInstall?: boolean;
}

/** Settings that are not changed, and the reason. */
export interface Problem {
  host: AgentHost;
  path: string;
  problem: string;
}

/** Plans the change. Does not write anything. */
export async function planFor(file: FoundFile, request: EntryRequest): Promise<Plan | Problem> {
  const { host, path } = file;
  try {
    const plan = await planOf(file, request);
    if ('problem' in plan || plan.after === plan.before || !(await isReadOnly(path))) return plan;
    return { host, path, problem: 'is read-only' };
  } catch (error) {
    return { host, path, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws Error if the file cannot be read or changed. */
async function planOf({ host, path }: FoundFile, request: EntryRequest): Promise<Plan | Problem> {
  const before = await textOf(path);
  const place = entryPlace(parsed(host, before ?? ''), agentHosts[host]);
  const unchanged = { host, path, before, after: before };
  const { entry } = place;
  if (entry === undefined) {
    if (request.remove) return unchanged;
    const [twin] = place.others.find(([, other]) => startsPackage(other)) ?? [];
    if (twin === undefined) return added(unchanged, place, request);
    return {
      host,
      path,
      problem: `has this server under the name "${twin}": change that entry, or rename it to "${SERVER}" first`,
    };
  }
  if (!isOurs(entry)) {
    if (request.remove) return unchanged;
    const problem = `its entry "${agentHosts[host].isList ? entry['name'] : place.path.at(-1)}" starts a different server: rename or remove it first`;
    return { host, path, problem };
  }
  return request.remove ? removed(unchanged, place, entry) : changed(unchanged, place, entry, request);
}

/** Whether nobody may write to a file. Replacing it would still be possible. */
async function isReadOnly(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.mode & 0o222) === 0;
}

type Unchanged = Pick<Plan, 'host' | 'path' | 'before' | 'after'>;
type Entry = NonNullable<EntryPlace['entry']>;

function added(plan: Unchanged, { path }: EntryPlace, request: EntryRequest): Plan {
  const { host, before } = plan;
  const { entry, needsInstall } = changedEntry(host, {}, request);
  const after = put(host, before ?? '', path, entry);
  return { ...plan, after, needsInstall, ...(before !== undefined && { backup: backupOf(plan.path) }) };
}

async function changed(plan: Unchanged, { path }: EntryPlace, present: Entry, request: EntryRequest): Promise<Plan> {
  const { host, before = '' } = plan;
  const { entry, needsInstall } = changedEntry(host, present, request);
  if (isDeepStrictEqual(entry, present)) return plan;
  const after = put(host, before, path, entry);
  // Keep the backup from before the entry was added, as long as nothing else has changed since.
  const isKept = (await originalOf(plan, path, present)) !== undefined;
  return { ...plan, after, needsInstall, ...(!isKept && { backup: backupOf(plan.path) }) };
}

/** Restores the original file if it had no entry and nothing else has changed since, or else only removes the entry. */
async function removed(plan: Unchanged, { path }: EntryPlace, entry: Entry): Promise<Plan> {
  const original = await originalOf(plan, path, entry);
  if (original && !hasEntry(plan.host, original.text)) return { ...plan, after: original.text, spent: original.backup };
  return { ...plan, after: taken(plan.host, plan.before ?? '', path), backup: backupOf(plan.path) };
}

const hasEntry = (host: AgentHost, text = ''): boolean =>
  entryPlace(parsed(host, text), agentHosts[host]).entry !== undefined;

interface Original {
  /** `undefined` if there was no file. */
  text: string | undefined;
  backup: string | undefined;
}

/** The content of a file before the entry was added; `undefined` if unknown. */
async function originalOf(plan: Unchanged, path: EntryPlace['path'], entry: Entry): Promise<Original | undefined> {
  const { host, before } = plan;
  const isFrom = (text: string) => {
    try {
      return put(host, text, path, entry) === before;
    } catch {
      return false;
    }
  };
  const backup = backupOf(plan.path);
  const kept = await textOf(backup).catch(() => undefined);
  if (kept !== undefined) return isFrom(kept) ? { text: kept, backup } : undefined;
  return isFrom('') ? { text: undefined, backup: undefined } : undefined;
}

const backupOf = (path: string): string => `${path}.before-ollama-toolbelt`;

/**
 * The text of a file; `undefined` if there is none.
 *
 * @throws Error if it cannot be read.
 */
export async function textOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`cannot be read (${error.code})`);
  });
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('is not text in UTF-8');
  }
}
